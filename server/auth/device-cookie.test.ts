import { expect, test } from 'vitest';
import { deviceCookie, findDevice } from './device-cookie.ts';

const SECRET = 's'.repeat(40);
const EMAIL = 'mei@example.cn';
const pairOf = (setCookie: string) => setCookie.split(';')[0]!;

test('a browser is known to the account that signed in there, and to no other', () => {
	const cookies = `theme=dark; ${pairOf(deviceCookie(SECRET, EMAIL, false))}`;
	expect(findDevice(SECRET, EMAIL, cookies)).toMatch(/^[\w-]{10,}$/);
	expect(findDevice(SECRET, 'bo@example.cn', cookies)).toBeUndefined();
});

test('each browser has a name of its own', () => {
	const names = [1, 2].map(() => findDevice(SECRET, EMAIL, pairOf(deviceCookie(SECRET, EMAIL, false))));
	expect(names[0]).not.toBe(names[1]);
});

test('nobody without the secret makes one', () => {
	const cookie = pairOf(deviceCookie('t'.repeat(40), EMAIL, false));
	expect(findDevice(SECRET, EMAIL, cookie)).toBeUndefined();
	expect(findDevice(SECRET, EMAIL, `${cookie}x`)).toBeUndefined();
	expect(findDevice(SECRET, EMAIL, 'tongchou.device=')).toBeUndefined();
	expect(findDevice(SECRET, EMAIL, '')).toBeUndefined();
});

test('scripts do not see it, and only TLS carries it where there is TLS', () => {
	expect(deviceCookie(SECRET, EMAIL, true)).toMatch(/; HttpOnly; SameSite=Lax; Secure$/);
	expect(deviceCookie(SECRET, EMAIL, false)).not.toContain('Secure');
});
