import { createHmac, timingSafeEqual } from 'node:crypto';

/** How better-auth names the cookie of a session, and signs it. */
export interface SessionCookie {
	name: string;
	secret: string;
}

/**
 * The token in a session's cookie, if its signature is right. better-auth reads the same at many times the cost, and
 * has the last word on whatever is not recognised here.
 * @param cookies the header as it came
 */
export function findSessionToken({ name, secret }: SessionCookie, cookies: string): string | undefined {
	const cookie = cookies.split(/;\s*/).find((each) => each.startsWith(`${name}=`));
	const value = decoded(cookie?.slice(name.length + 1) ?? '');
	const dot = value.lastIndexOf('.');
	if (dot < 1) return undefined;
	const token = value.slice(0, dot);
	const given = Buffer.from(value.slice(dot + 1));
	const expected = Buffer.from(createHmac('sha256', secret).update(token).digest('base64'));
	return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined;
}

function decoded(value: string): string {
	try {
		return decodeURIComponent(value);
	} catch {
		return '';
	}
}
