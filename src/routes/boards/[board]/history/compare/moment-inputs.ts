/** A date and time as a form gives it. */
const TYPED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** A moment as an address names it: what was typed is a time in China; anything else stays as it is. */
export function momentTyped(text: string): string {
	return TYPED.test(text) ? `${text}:00+08:00` : text;
}

/** A moment (ISO 8601) as a date and time to be typed over, in China's time. */
export function typedMoment(at: string): string {
	return new Date(Date.parse(at) + CHINA_OFFSET_MS).toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length);
}
