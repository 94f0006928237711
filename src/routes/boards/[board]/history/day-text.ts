import { getLocale } from '#lib/paraglide/runtime.js';
import { dateText } from '#lib/signs/format.ts';

/** A day with its weekday; a month or year as it is. */
export function dayText(date: string): string {
	if (date.length < 'YYYY-MM-DD'.length) return dateText(date);
	const tag = getLocale() === 'en' ? 'en-GB' : 'zh-CN';
	const weekday = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', weekday: 'long' }).format(Date.parse(date));
	return getLocale() === 'en' ? `${weekday}, ${dateText(date)}` : `${dateText(date)} ${weekday}`;
}
