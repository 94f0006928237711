import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { findSessionToken } from './session-cookie.ts';

const COOKIE = { name: 'better-auth.session_token', secret: 's'.repeat(40) };
const signatureOf = (token: string, secret = COOKIE.secret) =>
	createHmac('sha256', secret).update(token).digest('base64');
const headerOf = (value: string) => `theme=dark; ${COOKIE.name}=${encodeURIComponent(value)}; other=1`;

test('the token of a signed cookie is found among others', () => {
	expect(findSessionToken(COOKIE, headerOf(`abc.${signatureOf('abc')}`))).toBe('abc');
});

test.each([
	['signed with another secret', headerOf(`abc.${signatureOf('abc', 't'.repeat(40))}`)],
	['signed for another token', headerOf(`abd.${signatureOf('abc')}`)],
	['with more behind the signature', headerOf(`abc.${signatureOf('abc')}=`)],
	['without a signature', headerOf('abc')],
	['with an empty one', headerOf('abc.')],
	['without a token', headerOf(`.${signatureOf('')}`)],
	['that does not decode', `${COOKIE.name}=%E0%A4%A`],
	['under another name', `x${headerOf(`abc.${signatureOf('abc')}`).slice('theme=dark; '.length)}`],
	['that is behind a wrong one', `${headerOf('abc.x')}; ${headerOf(`abc.${signatureOf('abc')}`)}`],
	['that is not there', '']
])('a cookie %s is none', (_, header) => {
	expect(findSessionToken(COOKIE, header)).toBeUndefined();
});
