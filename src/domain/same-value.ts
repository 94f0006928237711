/** Whether two plain values are the same; absent and null are one, and the order of keys says nothing. */
export function isSameValue(a: unknown, b: unknown): boolean {
	const [one, other] = [a ?? null, b ?? null];
	if (one === other) return true;
	if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
	if (Array.isArray(one) !== Array.isArray(other)) return false;
	const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
	const keys = Object.keys(left);
	return (
		keys.length === Object.keys(right).length &&
		keys.every((key) => Object.hasOwn(right, key) && isSameValue(left[key], right[key]))
	);
}
