import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPERATOR } from '#server/audit/who.ts';
import { type Answer, HttpClient } from '../support/http-client.ts';
import { RawClient } from '../support/raw-client.ts';
import { addUser, onDatabase, PASSWORD, tokenOf } from '../support/server-people.ts';
import { START_TIMEOUT_MS, type ServerProcess, startServer } from '../support/server-process.ts';

const SIGNED_OUT = 4401;
/** Passwords are slow to check, on purpose: dozens of them on a busy machine. */
const SLOW_MS = 120_000;
/** As many as one address may try at once, and more: whoever comes late, on a slow machine, may try again. */
const LANES = 100;

let server: ServerProcess;
/** Everybody here comes from an address of their own, as the trusted proxy says. */
let addresses = 0;
const nextAddress = () => `10.0.${++addresses >> 8}.${addresses & 255}`;

beforeAll(async () => {
	server = await startServer({ env: { TRUST_PROXY: '1' } });
	for (const name of ['mei', 'bo', 'lan', 'wen', 'victim', 'shut', 'leaver'])
		await addUser(server, { email: `${name}@example.cn`, role: 'planner', boardRole: 'planner' });
	await onDatabase(server, ({ people }) => people.disable('shut@example.cn', OPERATOR));
}, START_TIMEOUT_MS);
afterAll(() => server?.stop());

const signIn = (email: string, password: string, address: string, client = new HttpClient(server.origin)) =>
	client.signIn(email, password, { 'x-forwarded-for': address });

/** So many requests, some at a time, each as soon as one before it is answered; their statuses. */
async function inLanes(count: number, request: (index: number) => Promise<Answer>): Promise<number[]> {
	const statuses: number[] = [];
	let next = 0;
	const lane = async () => {
		while (next < count) statuses.push((await request(next++)).status);
	};
	await Promise.all(Array.from({ length: LANES }, lane));
	return statuses;
}

async function signedIn(email: string): Promise<HttpClient> {
	const client = new HttpClient(server.origin);
	expect((await signIn(email, PASSWORD, nextAddress(), client)).status).toBe(200);
	return client;
}

/** A socket on the board by the cookie of a client. */
const socketOf = (client: HttpClient) =>
	RawClient.open(server, '/dianzhong', { cookie: client.cookieHeader, origin: server.origin });

describe('signing in', () => {
	test('begins a session in a cookie, a new one each time', async () => {
		const [one, other] = [await signedIn('mei@example.cn'), await signedIn('mei@example.cn')];
		expect((await one.request('/api/boards')).status).toBe(200);
		const tokens = [one, other].map(({ cookies }) => cookies.get('better-auth.session_token')!);
		expect(tokens[0]).not.toBe(tokens[1]);
		for (const token of tokens) expect(token.length).toBeGreaterThanOrEqual(64);
		const session = (await one.request('/api/auth/get-session')).json;
		expect(session).toMatchObject({ user: { email: 'mei@example.cn' } });
	});

	test('a session the browser brings is not taken over', async () => {
		const client = new HttpClient(server.origin);
		client.cookies.set('better-auth.session_token', 'chosen-by-somebody-else.AAAA');
		expect((await client.request('/api/boards')).status).toBe(401);
		await signIn('mei@example.cn', PASSWORD, nextAddress(), client);
		expect(client.cookies.get('better-auth.session_token')).not.toContain('chosen');
	});

	test('by the form of the page goes where the person was going, and nowhere else', async () => {
		const go = async (to: string) => {
			const client = new HttpClient(server.origin);
			const form = { email: 'mei@example.cn', password: PASSWORD };
			const headers = { 'x-forwarded-for': nextAddress() };
			return client.request(`/sign-in?to=${encodeURIComponent(to)}`, { method: 'POST', form, headers });
		};
		const answer = await go('/boards/dianzhong');
		expect([answer.status, answer.headers.get('location')]).toEqual([303, '/boards/dianzhong']);
		expect((await go('https://evil.example/')).headers.get('location')).toBe('/');
		expect((await go('//evil.example/')).headers.get('location')).toBe('/');
	});

	test('nothing tells an unknown account from a wrong password or a shut account', async () => {
		const answers = [];
		for (const [email, password] of [
			['mei@example.cn', 'not-the-password'],
			['nobody@example.cn', 'not-the-password'],
			['not-an-address', 'not-the-password'],
			['shut@example.cn', PASSWORD],
			['shut@example.cn', 'not-the-password'],
			['mei@example.cn', 'x'.repeat(5_000)]
		]) {
			const { status, text, headers } = await signIn(email!, password!, nextAddress());
			answers.push([status, text, headers.getSetCookie()]);
		}
		for (const answer of answers) expect(answer).toEqual(answers[0]);
		expect(answers[0]![0]).toBe(401);
	});

	test('a shut account does not come in by the page either', async () => {
		const client = new HttpClient(server.origin);
		const form = { email: 'shut@example.cn', password: PASSWORD };
		const answer = await client.request('/sign-in', {
			method: 'POST',
			form,
			headers: { 'x-forwarded-for': nextAddress() }
		});
		expect(answer.status).toBe(401);
		expect(client.cookies.size).toBe(0);
	});
});

describe('guessing passwords', () => {
	test(
		'hundreds of tries at one account: most are sent away, and its owner still comes in',
		async () => {
			const known = new HttpClient(server.origin);
			await signIn('victim@example.cn', PASSWORD, '10.9.0.1', known);
			const attacker = '10.9.0.2';
			const statuses = await inLanes(500, (index) =>
				signIn('victim@example.cn', `guess-number-${index}`, attacker)
			);
			expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(400);
			expect(new Set(statuses)).toEqual(new Set([401, 429]));
			// from elsewhere, and in the browser they know even from the address of the attacker
			expect((await signIn('victim@example.cn', PASSWORD, '10.9.0.3')).status).toBe(200);
			expect((await signIn('victim@example.cn', PASSWORD, attacker, known)).status).toBe(200);
			expect((await known.request('/api/boards')).status).toBe(200);
		},
		SLOW_MS
	);

	test('who is sent away is told after how long to try again', async () => {
		const address = nextAddress();
		const tries = Array.from({ length: 20 }, () => signIn('bo@example.cn', 'not-the-password', address));
		const refused = (await Promise.all(tries)).find(({ status }) => status === 429)!;
		expect(refused.json).toMatchObject({ error: { code: 'too-fast' } });
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
	});

	test('forging addresses before the proxy’s own does not help', async () => {
		const statuses = await inLanes(60, (index) =>
			signIn('lan@example.cn', 'not-the-password', `10.77.0.${index}, 10.9.0.4`)
		);
		expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(40);
	});

	test(
		'one password at many accounts from one address is slowed as well',
		async () => {
			const statuses = await inLanes(100, (index) =>
				signIn(`person-${index}@example.cn`, 'Summer2026!', '10.9.0.5')
			);
			expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(20);
		},
		SLOW_MS
	);
});

describe('a session ends, and its sockets with it, by', () => {
	/** Opens a socket, does something, and expects the socket to be closed for it. */
	async function closes(client: HttpClient, act: () => Promise<unknown>): Promise<void> {
		const socket = await socketOf(client);
		await act();
		expect(await socket.closeCode()).toBe(SIGNED_OUT);
		expect((await client.request('/api/boards')).status).toBe(401);
	}

	test('signing out, which leaves other browsers alone', async () => {
		const [here, elsewhere] = [await signedIn('mei@example.cn'), await signedIn('mei@example.cn')];
		const copy = new HttpClient(server.origin);
		for (const [name, value] of here.cookies) copy.cookies.set(name, value);
		await closes(copy, () => here.request('/api/auth/sign-out', { method: 'POST', json: {} }));
		expect(here.cookies.has('better-auth.session_token')).toBe(false);
		expect((await elsewhere.request('/api/boards')).status).toBe(200);
	});

	test('signing out on the page', async () => {
		const client = await signedIn('mei@example.cn');
		const copy = new HttpClient(server.origin);
		for (const [name, value] of client.cookies) copy.cookies.set(name, value);
		await closes(copy, async () => {
			const { status, headers } = await client.request('/sign-out', { method: 'POST' });
			expect([status, headers.get('location')]).toEqual([303, '/sign-in']);
		});
	});

	test('changing the password, which begins a new one here', async () => {
		const [here, elsewhere] = [await signedIn('wen@example.cn'), await signedIn('wen@example.cn')];
		const change = (currentPassword: string, newPassword: string) =>
			here.request('/api/auth/change-password', { method: 'POST', json: { currentPassword, newPassword } });
		expect(await change('not-the-password', 'the-next-password')).toMatchObject({
			status: 403,
			json: { error: { code: 'forbidden' } }
		});
		expect((await change(PASSWORD, 'short')).status).toBe(400);
		await closes(elsewhere, async () =>
			expect((await change(PASSWORD, 'the-next-password')).status).toBe(200)
		);
		expect((await here.request('/api/boards')).status).toBe(200);
		expect((await signIn('wen@example.cn', PASSWORD, nextAddress())).status).toBe(401);
		expect((await signIn('wen@example.cn', 'the-next-password', nextAddress())).status).toBe(200);
	});

	test('a new password from the operator', async () => {
		const client = await signedIn('bo@example.cn');
		await closes(client, () =>
			onDatabase(server, ({ people }) => people.setPassword('bo@example.cn', 'set-by-operator', OPERATOR))
		);
	});

	test('shutting the account, tokens included', async () => {
		const client = await signedIn('leaver@example.cn');
		const token = await tokenOf(server, 'leaver@example.cn');
		const byToken = await RawClient.open(server, '/dianzhong', { token });
		await closes(client, () =>
			onDatabase(server, ({ people }) => people.disable('leaver@example.cn', OPERATOR))
		);
		expect(await byToken.closeCode()).toBe(SIGNED_OUT);
		expect((await new HttpClient(server.origin, token).request('/api/boards')).status).toBe(401);
		expect((await signIn('leaver@example.cn', PASSWORD, nextAddress())).status).toBe(401);
	});
});
