/** The ids of a field's messages, for `aria-describedby` of its control; undefined where there are none. */
export function describedBy(id: string, field: { hint?: string; error?: string }): string | undefined {
	const ids = [field.error && `${id}-error`, field.hint && `${id}-hint`].filter(Boolean);
	return ids.length > 0 ? ids.join(' ') : undefined;
}
