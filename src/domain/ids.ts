import { ID_MAX_CHARS } from './limits.ts';

const ID = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;
const ADCODE = /^\d{6}$/;
/** Keys that would reach an object's prototype when a map is read into a plain object. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/** Tells whether `value` may name a board, stage, project or record: letters, digits, `.`, `_`, `-`. */
export function isId(value: unknown): value is string {
	return typeof value === 'string' && value.length <= ID_MAX_CHARS && ID.test(value) && !RESERVED.has(value);
}

/** Tells whether `value` has the form of a GB/T 2260 division code: six digits. */
export function isAdcode(value: unknown): value is string {
	return typeof value === 'string' && ADCODE.test(value);
}
