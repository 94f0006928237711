import { generateKeyBetween } from 'fractional-indexing';
import { ORDER_KEY_MAX_CHARS } from '#domain/limits.ts';

/** Tells whether `value` is a key this board can put others before and after. */
export function isOrderKey(value: unknown): value is string {
	if (typeof value !== 'string' || value.length > ORDER_KEY_MAX_CHARS) return false;
	try {
		generateKeyBetween(value, null);
		return true;
	} catch {
		return false;
	}
}

/**
 * Order key that puts an item at `index` of a sorted list.
 * People apart may pick equal keys; the new key then goes after the whole tie. Keys that are no order keys
 * (another client wrote them) are passed over.
 * @param keys ascending keys of the list without the moved item; index 0 = first
 * @throws {RangeError} if `index` is not an integer in 0..keys.length
 * @see https://observablehq.com/@dgreensp/implementing-fractional-indexing
 */
export function orderKeyAt(keys: readonly string[], index: number): string {
	if (!Number.isInteger(index) || index < 0 || index > keys.length) {
		throw new RangeError(`index ${index} is outside 0..${keys.length}`);
	}
	const above = keys.slice(0, index).findLast(isOrderKey) ?? null;
	const below = keys.slice(index).find((key) => isOrderKey(key) && (above === null || key > above)) ?? null;
	return generateKeyBetween(above, below);
}
