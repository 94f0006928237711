import fc from 'fast-check';
import { generateKeyBetween } from 'fractional-indexing';
import { expect, test } from 'vitest';
import { isOrderKey, orderKeyAt } from './order-key.ts';

test('a key lands between its neighbours at every index', () => {
	fc.assert(
		fc.property(fc.array(fc.nat({ max: 1_000 }), { maxLength: 40 }), (picks) => {
			const keys: string[] = [];
			for (const pick of picks) {
				const index = pick % (keys.length + 1);
				const key = orderKeyAt(keys, index);
				keys.splice(index, 0, key);
			}
			expect([...keys].sort()).toEqual(keys);
			expect(new Set(keys).size).toBe(keys.length);
		})
	);
});

test('a key after a tie goes after the whole tie', () => {
	const key = orderKeyAt(['a0', 'a1', 'a1', 'a2'], 2);
	expect(key > 'a1' && key < 'a2').toBe(true);
});

test('keys another client broke are passed over', () => {
	expect(isOrderKey('zzz!')).toBe(false);
	expect(isOrderKey(orderKeyAt(['a0', 'zzz!'], 2))).toBe(true);
});

test('a key is one if the library can put others before and after it, and it is of base 62', () => {
	const digit = fc.constantFrom('0', '1', '9', 'A', 'V', 'Z', 'a', 'z');
	const anyKey = fc.oneof(
		fc.string({ unit: digit, minLength: 1, maxLength: 30 }),
		fc.constant(`A${'0'.repeat(26)}`)
	);
	const isAcceptedByLibrary = (key: string) => {
		try {
			generateKeyBetween(null, key);
			generateKeyBetween(key, null);
			return true;
		} catch {
			return false;
		}
	};
	fc.assert(
		fc.property(anyKey, (key) => {
			expect(isOrderKey(key)).toBe(isAcceptedByLibrary(key));
		})
	);
	for (const key of ['', 'a0!', 'a0 ', 'a0\u202e', 'a0桥', 'é0']) expect(isOrderKey(key), key).toBe(false);
});

test.each([-1, 3, 0.5, Number.NaN])('index %s outside of the list is refused', (index) => {
	expect(() => orderKeyAt(['a0', 'a1'], index)).toThrow(RangeError);
});
