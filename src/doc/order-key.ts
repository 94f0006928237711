import { generateKeyBetween } from 'fractional-indexing';
import { ORDER_KEY_MAX_CHARS } from '#domain/limits.ts';

const BASE_62 = /^[A-Za-z][0-9A-Za-z]+$/;
/** Nothing could be put before it. */
const SMALLEST = `A${'0'.repeat(26)}`;

/** Tells whether `value` is a key this board can put others before and after. */
export function isOrderKey(value: unknown): value is string {
	if (typeof value !== 'string' || value.length > ORDER_KEY_MAX_CHARS || !BASE_62.test(value)) return false;
	const head = value.charCodeAt(0);
	// the head says how long the whole part is: Z and a two characters, Y and b three, …
	const wholeLength = head >= 'a'.charCodeAt(0) ? head - 'a'.charCodeAt(0) + 2 : 'Z'.charCodeAt(0) - head + 2;
	const hasTrailingZero = value.length > wholeLength && value.endsWith('0');
	return value.length >= wholeLength && !hasTrailingZero && value !== SMALLEST;
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
