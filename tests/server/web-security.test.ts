import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpClient, type RequestParts } from '../support/http-client.ts';
import { addUser, PASSWORD, tokenOf } from '../support/server-people.ts';
import { START_TIMEOUT_MS, type ServerProcess, startServer } from '../support/server-process.ts';

/** Behind a proxy with TLS, as it is run for others; requests reach it as the proxy would send them on. */
const PUBLIC = 'https://board.example.cn';
let plain: ServerProcess;
let proxied: ServerProcess;
let owner: HttpClient;

beforeAll(async () => {
	plain = await startServer();
	proxied = await startServer({ env: { ORIGIN: PUBLIC, TRUST_PROXY: '1' } });
	for (const server of [plain, proxied]) await addUser(server, { email: 'owner@example.cn', role: 'owner' });
	owner = new HttpClient(plain.origin);
	await owner.signIn('owner@example.cn', PASSWORD);
}, START_TIMEOUT_MS);
afterAll(() => Promise.all([plain?.stop(), proxied?.stop()]));

describe('every answer', () => {
	const PATHS = [
		'/',
		'/sign-in',
		'/boards',
		'/boards/dianzhong',
		'/nowhere',
		'/favicon.svg',
		'/api/boards',
		'/api/nowhere',
		'/api/openapi.json',
		'/sync/dianzhong',
		'/healthz',
		'/readyz',
		'/metrics'
	];
	test.each(PATHS)('%s is neither framed nor guessed at, and runs no foreign script', async (path) => {
		const { headers } = await owner.request(path);
		expect(headers.get('x-content-type-options')).toBe('nosniff');
		expect(headers.get('x-frame-options')).toBe('DENY');
		expect(headers.get('referrer-policy')).toBe('same-origin');
		expect(headers.get('x-powered-by')).toBeNull();
		expect(headers.get('server')).toBeNull();
		const policy = headers.get('content-security-policy') ?? '';
		expect(policy).toContain("frame-ancestors 'none'");
		expect(policy).toMatch(/default-src '(self|none)'/);
		expect(policy).not.toMatch(/script-src[^;]*unsafe/);
		expect(policy).not.toMatch(/(default|script|connect|img)-src[^;]*(\*|https?:)/);
	});

	test.each(['/sign-in', '/boards', '/boards/dianzhong', '/nowhere'])(
		'%s has no inline script without the nonce of its policy',
		async (path) => {
			const { headers, text } = await owner.request(path);
			const nonce = /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1];
			const inline = [...text.matchAll(/<script(?![^>]*\bsrc=)([^>]*)>/g)].map((match) => match[1]);
			for (const attributes of inline) expect(attributes).toContain(`nonce="${nonce}"`);
			expect(text).not.toMatch(/\son\w+\s*=\s*["']/i);
		}
	);

	test('says nothing of how it came about when something breaks', async () => {
		const { text } = await owner.request('/api/boards/%ff');
		expect(text).not.toMatch(/\bat .*\.(js|ts)|node_modules/);
	});

	test('source maps are not handed out', async () => {
		const { text } = await new HttpClient(plain.origin).request('/sign-in');
		const script = /["'](\.?\/?_app\/[^"']+\.js)["']/.exec(text)?.[1]?.replace(/^\.?\/?/, '/');
		expect(script).toBeDefined();
		expect((await owner.request(script!)).status).toBe(200);
		expect((await owner.request(`${script}.map`)).status).toBe(404);
	});

	test.each([
		'/..%2f..%2fpackage.json',
		'/_app/..%2f..%2f..%2fpackage.json',
		'/favicon.svg/../../package.json'
	])('%s leads nowhere', async (path) => {
		const { status, text } = await owner.request(path);
		expect(status).not.toBe(200);
		expect(text).not.toContain('devDependencies');
	});
});

describe('behind TLS', () => {
	const behindProxy = { 'x-forwarded-for': '10.0.0.7' };
	test('cookies are for this site’s own requests over TLS, and no script sees them', async () => {
		const client = new HttpClient(proxied.origin);
		const answer = await client.request('/api/auth/sign-in/email', {
			method: 'POST',
			origin: PUBLIC,
			json: { email: 'owner@example.cn', password: PASSWORD },
			headers: behindProxy
		});
		expect(answer.status).toBe(200);
		const cookies = answer.headers.getSetCookie();
		expect(cookies.length).toBeGreaterThan(0);
		for (const cookie of cookies)
			expect(cookie).toMatch(/; HttpOnly.*; (Secure; )?SameSite=Lax|; SameSite=Lax/i);
		for (const cookie of cookies) expect(cookie).toMatch(/;\s*Secure/i);
		for (const cookie of cookies) expect(cookie).toMatch(/;\s*HttpOnly/i);
	});

	test('browsers are told to stay there', async () => {
		const { headers } = await new HttpClient(proxied.origin).request('/healthz');
		expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
		expect((await owner.request('/healthz')).headers.get('strict-transport-security')).toBeNull();
	});
});

describe('a change that did not come from a page of this server', () => {
	const FOREIGN: [string, string | null][] = [
		['another site', 'https://evil.example'],
		['a site whose name ends alike', `${'http://evil-127.0.0.1'}:1`],
		['another port', 'http://127.0.0.1:1'],
		['the other scheme', 'https://127.0.0.1'],
		['a sandbox', 'null'],
		['nothing', null]
	];
	const CHANGES: [string, RequestParts][] = [
		['/api/boards', { method: 'POST', json: { id: 'forged', title: 'x' } }],
		[
			'/api/boards',
			{ method: 'POST', body: '{"id":"forged","title":"x"}', headers: { 'content-type': 'text/plain' } }
		],
		['/api/boards', { method: 'POST', form: { id: 'forged', title: 'x' } }],
		[
			'/api/boards/dianzhong/members',
			{ method: 'POST', json: { email: 'owner@example.cn', role: 'viewer' } }
		],
		['/api/boards/dianzhong/members/x', { method: 'DELETE' }],
		['/api/auth/sign-out', { method: 'POST', json: {} }],
		['/api/auth/sign-out', { method: 'POST' }],
		[
			'/api/auth/change-password',
			{ method: 'POST', json: { currentPassword: PASSWORD, newPassword: 'x'.repeat(12) } }
		],
		['/sign-out', { method: 'POST' }],
		['/sign-out', { method: 'POST', form: {} }],
		['/sign-in', { method: 'POST', form: { email: 'owner@example.cn', password: PASSWORD } }],
		[
			'/boards/dianzhong/members?/add',
			{ method: 'POST', form: { email: 'owner@example.cn', role: 'viewer' } }
		]
	];
	test.each(FOREIGN)('%s: is refused on every route', async (_, origin) => {
		for (const [path, parts] of CHANGES) {
			const { status } = await owner.request(path, { ...parts, origin });
			expect(status, `${parts.method} ${path}`).toBe(403);
		}
		expect((await owner.request('/api/boards')).json).toMatchObject({ boards: [{ id: 'dianzhong' }] });
	});

	test('signs nobody in, even where nobody was', async () => {
		for (const origin of ['https://evil.example', 'null']) {
			const victim = new HttpClient(plain.origin);
			const byApi = await victim.request('/api/auth/sign-in/email', {
				method: 'POST',
				origin,
				json: { email: 'owner@example.cn', password: PASSWORD }
			});
			const byForm = await victim.request('/sign-in', {
				method: 'POST',
				origin,
				form: { email: 'owner@example.cn', password: PASSWORD }
			});
			expect([byApi.status, byForm.status]).toEqual([403, 403]);
			expect(victim.cookies.size).toBe(0);
		}
	});

	test('no other site may read an answer', async () => {
		const { headers } = await owner.request('/api/boards', { origin: 'https://evil.example' });
		expect(headers.get('access-control-allow-origin')).toBeNull();
		const preflight = await owner.request('/api/boards', {
			method: 'OPTIONS',
			origin: 'https://evil.example'
		});
		expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
	});
});

describe('/metrics', () => {
	test('is for the machine itself', async () => {
		const { status, text } = await new HttpClient(plain.origin).request('/metrics');
		expect(status).toBe(200);
		expect(text).toContain('tongchou_sync_sockets 0');
		expect(text).toContain('process_resident_memory_bytes');
	});

	test.each(['x-forwarded-for', 'forwarded', 'via'])(
		'and not for who comes through a proxy on it (%s)',
		async (name) => {
			for (const server of [plain, proxied]) {
				const answer = await new HttpClient(server.origin).request('/metrics', {
					headers: { [name]: '127.0.0.1' }
				});
				expect(answer).toMatchObject({ status: 404, json: { error: { code: 'not-found' } } });
			}
		}
	);

	test('or for a bearer token', async () => {
		const token = await tokenOf(proxied, 'owner@example.cn');
		const headers = { 'x-forwarded-for': '10.0.0.7' };
		expect((await new HttpClient(proxied.origin, token).request('/metrics', { headers })).status).toBe(200);
		expect((await new HttpClient(proxied.origin, 'tc_wrong').request('/metrics', { headers })).status).toBe(
			404
		);
	});
});

test('the endpoints of the process answer to GET alone', async () => {
	for (const path of ['/healthz', '/readyz', '/metrics']) {
		const { status, headers } = await owner.request(path, { method: 'POST' });
		expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
	}
	expect(await owner.request('/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
	expect(await owner.request('/readyz')).toMatchObject({ status: 200, json: { status: 'ok' } });
});

test('no secret is in the log', async () => {
	const token = await tokenOf(plain, 'owner@example.cn');
	const program = new HttpClient(plain.origin, token);
	await program.request('/api/boards');
	await owner.signIn('owner@example.cn', 'a-wrong-password-of-mine');
	await owner.request('/api/boards/%ff');
	const log = plain.output();
	const session = [...owner.cookies.values()].map((value) => decodeURIComponent(value).split('.')[0]!);
	for (const secret of [token, PASSWORD, 'a-wrong-password-of-mine', ...session])
		expect(log).not.toContain(secret);
});
