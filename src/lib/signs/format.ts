import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** All of China keeps one time; a page drawn by the server and by the browser must say the same. */
const TIME_ZONE = 'Asia/Shanghai';
const YUAN_PER_YI = 100_000_000;
const YUAN_PER_WAN = 10_000;
const YUAN_PER_BILLION = 1_000_000_000;
const YUAN_PER_MILLION = 1_000_000;
/** Below this an amount in 亿元 with two decimals would say too little. */
const SMALL_YUAN = 10_000_000;

const tag = () => (getLocale() === 'en' ? 'en-GB' : 'zh-CN');
const twoDecimals = (value: number) =>
	value.toLocaleString(tag(), { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** An amount as cards show it: `12.34 亿元`, `85.00 万元`; in English `CN¥1.23 bn`, `CN¥0.85 m`. */
export function moneyText(yuan: number): string {
	if (getLocale() === 'en') {
		return yuan >= YUAN_PER_BILLION
			? m.money_large({ amount: twoDecimals(yuan / YUAN_PER_BILLION) })
			: m.money_small({ amount: twoDecimals(yuan / YUAN_PER_MILLION) });
	}
	return yuan >= SMALL_YUAN || yuan === 0
		? m.money_large({ amount: twoDecimals(yuan / YUAN_PER_YI) })
		: m.money_small({ amount: twoDecimals(yuan / YUAN_PER_WAN) });
}

/** The amount to the yuan: `1,234,000,000 元`, `CN¥1,234,000,000`. */
export function exactMoneyText(yuan: number): string {
	return m.money_exact({ amount: yuan.toLocaleString(tag()) });
}

/** A date as exact as its source: `2026年5月19日`, `2014年5月`, `2020年`; `19 May 2026`, `May 2014`, `2020`. */
export function dateText(date: string): string {
	const [year = 0, month, day] = date.split('-').map(Number);
	return new Intl.DateTimeFormat(tag(), {
		timeZone: 'UTC',
		year: 'numeric',
		month: month === undefined ? undefined : 'long',
		day: day === undefined ? undefined : 'numeric'
	}).format(Date.UTC(year, (month ?? 1) - 1, day ?? 1));
}

/** A moment to the minute, China time: `2026年5月19日 14:05`, `19 May 2026, 14:05`. */
export function momentText(at: string): string {
	const moment = new Date(at);
	const day = new Intl.DateTimeFormat(tag(), {
		timeZone: TIME_ZONE,
		year: 'numeric',
		month: 'long',
		day: 'numeric'
	}).format(moment);
	const time = timeText(at);
	return getLocale() === 'en' ? `${day}, ${time}` : `${day} ${time}`;
}

/** The time of day of a moment, China time, 24 hours: `14:05`. */
export function timeText(at: string): string {
	return new Intl.DateTimeFormat('en-GB', {
		timeZone: TIME_ZONE,
		hour: '2-digit',
		minute: '2-digit'
	}).format(new Date(at));
}

/** Names one after the other: `李梅、王波`; `Li Mei, Wang Bo`. */
export function listText(names: readonly string[]): string {
	return names.join(getLocale() === 'en' ? ', ' : '、');
}
