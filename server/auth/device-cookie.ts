import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const NAME = 'tongchou.device';
const YEAR_S = 365 * 86_400;
const NONCE_BYTES = 12;

const sign = (secret: string, email: string, nonce: string) =>
	createHmac('sha256', secret).update(`device\0${email}\0${nonce}`).digest('base64url');

/** `Set-Cookie` of a browser in which an account has signed in, to know it by the next time. */
export function deviceCookie(secret: string, email: string, isSecure: boolean): string {
	const nonce = randomBytes(NONCE_BYTES).toString('base64url');
	const value = `${nonce}.${sign(secret, email, nonce)}`;
	return `${NAME}=${value}; Max-Age=${YEAR_S}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
}

/** The browser a request comes from, if the account has signed in there before. */
export function findDevice(secret: string, email: string, cookies: string): string | undefined {
	const value = cookies.split(/;\s*/).find((cookie) => cookie.startsWith(`${NAME}=`));
	const [nonce = '', signature = ''] = value?.slice(NAME.length + 1).split('.') ?? [];
	const expected = Buffer.from(sign(secret, email, nonce));
	const given = Buffer.from(signature);
	return given.length === expected.length && timingSafeEqual(given, expected) ? nonce : undefined;
}
