import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpClient, type RequestParts } from '../support/http-client.ts';
import { addUser, command, PASSWORD, tokenOf } from '../support/server-people.ts';
import { START_TIMEOUT_MS, type ServerProcess, startServer } from '../support/server-process.ts';

let server: ServerProcess;
let owner: HttpClient;
let coordinator: HttpClient;
let viewer: HttpClient;
let outsider: HttpClient;
let nobody: HttpClient;
let viewerId = '';

async function signedIn(email: string): Promise<HttpClient> {
	const client = new HttpClient(server.origin);
	const { status } = await client.signIn(email, PASSWORD);
	if (status !== 200) throw new Error(`${email} could not sign in: ${status}`);
	return client;
}

beforeAll(async () => {
	server = await startServer();
	await addUser(server, { email: 'owner@example.cn', role: 'owner', name: '周正' });
	await addUser(server, { email: 'lan@example.cn', role: 'coordinator', boardRole: 'coordinator' });
	viewerId = await addUser(server, { email: 'wen@example.cn', role: 'viewer', boardRole: 'viewer' });
	await addUser(server, { email: 'out@example.cn', role: 'planner' });
	owner = await signedIn('owner@example.cn');
	coordinator = await signedIn('lan@example.cn');
	viewer = await signedIn('wen@example.cn');
	outsider = await signedIn('out@example.cn');
	nobody = new HttpClient(server.origin);
}, START_TIMEOUT_MS);
afterAll(() => server?.stop());

/** An error in the one form the API has. */
const error = (code: string) => ({ error: { code, message: expect.stringMatching(/\S/) } });

describe('boards', () => {
	test('are listed to who may see them, with their role', async () => {
		const of = async (client: HttpClient) =>
			((await client.request('/api/boards')).json as { boards: object[] }).boards;
		expect(await of(owner)).toMatchObject([{ id: 'dianzhong', role: 'owner' }]);
		expect(await of(viewer)).toMatchObject([{ id: 'dianzhong', role: 'viewer' }]);
		expect(await of(outsider)).toEqual([]);
	});

	test('have stages and projects', async () => {
		const { status, json } = await viewer.request('/api/boards/dianzhong');
		expect(status).toBe(200);
		const board = json as { seq: number; at: string; stages: object[]; projects: { stage: string }[] };
		expect(board).toMatchObject({ id: 'dianzhong', title: '滇中重大基础设施项目', seq: 57 });
		expect(new Date(board.at).toISOString()).toBe(board.at);
		expect(board.stages[0]).toMatchObject({ id: 'unverified', name: expect.stringContaining('待核实') });
		expect(board.projects).toHaveLength(56);
		for (const project of board.projects)
			expect(project).toMatchObject({
				id: expect.any(String),
				name: expect.any(String),
				order: expect.any(String)
			});
	});

	test('are sent again only when they have changed', async () => {
		const first = await viewer.request('/api/boards/dianzhong');
		const etag = first.headers.get('etag');
		expect(etag).toMatch(/^"[^"]+"$/);
		const again = await viewer.request('/api/boards/dianzhong', { headers: { 'if-none-match': etag! } });
		expect([again.status, again.text]).toEqual([304, '']);
		const other = await viewer.request('/api/boards/dianzhong', { headers: { 'if-none-match': '"other"' } });
		expect(other.status).toBe(200);
	});

	test('are made by an owner, who then sees them', async () => {
		const made = await owner.request('/api/boards', {
			method: 'POST',
			json: { id: 'honghe', title: '红河', template: 'investment' }
		});
		expect(made).toMatchObject({
			status: 201,
			json: { id: 'honghe', title: '红河', template: 'investment' }
		});
		const { json } = await owner.request('/api/boards/honghe');
		expect(json).toMatchObject({
			title: '红河',
			projects: [],
			stages: [{ id: 'conceived' }, {}, {}, {}, {}]
		});
	});

	test.each<[string, unknown, number, string]>([
		['an id that is taken', { id: 'dianzhong', title: '又一块' }, 409, 'conflict'],
		['an id that is none', { id: '../etc', title: 'x' }, 400, 'bad-request'],
		['no title', { id: 'x1' }, 400, 'bad-request'],
		['a title of blanks', { id: 'x1', title: '   ' }, 400, 'bad-request'],
		['too long a title', { id: 'x1', title: 'x'.repeat(201) }, 400, 'bad-request'],
		['a title that turns its direction', { id: 'x1', title: 'a\u202eb' }, 400, 'bad-request'],
		['a number for a title', { id: 'x1', title: 7 }, 400, 'bad-request'],
		['a template nobody knows', { id: 'x1', title: 'x', template: 'scrum' }, 400, 'bad-request'],
		['a prototype for an id', { id: '__proto__', title: 'x' }, 400, 'bad-request'],
		['a list', [], 400, 'bad-request']
	])('are not made with %s', async (_, json, status, code) => {
		const answer = await owner.request('/api/boards', { method: 'POST', json });
		expect(answer).toMatchObject({ status, json: error(code) });
	});

	test('that are put away are read, and no longer managed', async () => {
		await command(server, ['board', 'create', '--id', 'old', '--title', '旧']);
		await command(server, [
			'member',
			'add',
			'--board',
			'old',
			'--email',
			'lan@example.cn',
			'--role',
			'coordinator'
		]);
		await command(server, ['board', 'archive', '--board', 'old']);
		expect((await coordinator.request('/api/boards/old')).status).toBe(200);
		const json = { email: 'wen@example.cn', role: 'viewer' };
		const answer = await coordinator.request('/api/boards/old/members', { method: 'POST', json });
		expect(answer).toMatchObject({ status: 403, json: error('forbidden') });
	});
});

describe('members', () => {
	test('are added, changed and taken off by who manages them', async () => {
		const add = (role: string) =>
			coordinator.request('/api/boards/dianzhong/members', {
				method: 'POST',
				json: { email: 'OUT@example.cn', role }
			});
		const made = await add('planner');
		expect(made).toMatchObject({ status: 201, json: { email: 'out@example.cn', role: 'planner' } });
		expect((await add('viewer')).json).toMatchObject({ role: 'viewer' });
		expect((await outsider.request('/api/boards/dianzhong')).status).toBe(200);
		const { userId } = made.json as { userId: string };
		const remove = () => coordinator.request(`/api/boards/dianzhong/members/${userId}`, { method: 'DELETE' });
		expect(await remove()).toMatchObject({ status: 204, text: '' });
		expect(await remove()).toMatchObject({ status: 404, json: error('not-found') });
		expect((await outsider.request('/api/boards/dianzhong')).status).toBe(404);
	});

	test('owners are not made by coordinators', async () => {
		const answer = await coordinator.request('/api/boards/dianzhong/members', {
			method: 'POST',
			json: { email: 'out@example.cn', role: 'owner' }
		});
		expect(answer).toMatchObject({ status: 403, json: error('forbidden') });
	});

	test.each<[string, unknown, number]>([
		['a role nobody knows', { email: 'out@example.cn', role: 'king' }, 400],
		['somebody who has no account', { email: 'nobody@example.cn', role: 'viewer' }, 404],
		['no address', { role: 'viewer' }, 400]
	])('are not added with %s', async (_, json, status) => {
		const answer = await coordinator.request('/api/boards/dianzhong/members', { method: 'POST', json });
		expect(answer.status).toBe(status);
	});
});

describe('who may do what', () => {
	const requests: [string, RequestParts][] = [
		['/api/boards', {}],
		['/api/boards', { method: 'POST', json: { id: 'x', title: 'x' } }],
		['/api/boards/dianzhong', {}],
		['/api/boards/dianzhong/members', {}],
		['/api/boards/dianzhong/members', { method: 'POST', json: { email: 'a@b.cn', role: 'viewer' } }],
		['/api/boards/dianzhong/members/x', { method: 'DELETE' }],
		['/api/audit', {}],
		['/api/auth/change-password', { method: 'POST', json: { currentPassword: 'x', newPassword: 'y' } }]
	];
	test.each(requests)('signed out: %s %j is 401', async (path, parts) => {
		expect(await nobody.request(path, parts)).toMatchObject({ status: 401, json: error('signed-out') });
	});

	const ofBoard = requests.filter(([path]) => path.startsWith('/api/boards/'));
	test.each(ofBoard)('not on the board: %s %j is 404', async (path, parts) => {
		expect(await outsider.request(path, parts)).toMatchObject({ status: 404, json: error('not-found') });
	});
	test.each(ofBoard)('no such board: %s %j is 404', async (path, parts) => {
		const elsewhere = path.replace('dianzhong', 'nowhere');
		expect(await owner.request(elsewhere, parts)).toMatchObject({ status: 404, json: error('not-found') });
	});

	test.each<[string, RequestParts]>([
		['/api/boards', { method: 'POST', json: { id: 'x', title: 'x' } }],
		['/api/boards/dianzhong/members', { method: 'POST', json: { email: 'a@b.cn', role: 'viewer' } }],
		['/api/boards/dianzhong/members/x', { method: 'DELETE' }],
		['/api/audit', {}]
	])('seen but not allowed: %s %j is 403', async (path, parts) => {
		expect(await viewer.request(path, parts)).toMatchObject({ status: 403, json: error('forbidden') });
	});
});

describe('whatever goes wrong is told in one form', () => {
	test.each<[string, RequestParts, number, string]>([
		['/api/nowhere', {}, 404, 'not-found'],
		['/api', {}, 404, 'not-found'],
		['/api/boards', { method: 'PUT', json: {} }, 405, 'method-not-allowed'],
		['/api/boards/dianzhong', { method: 'DELETE' }, 405, 'method-not-allowed'],
		['/api/auth/sign-in/email', {}, 405, 'method-not-allowed'],
		['/api/boards/%ff', {}, 400, 'bad-request'],
		[
			'/api/boards',
			{ method: 'POST', body: '{"id":', headers: { 'content-type': 'application/json' } },
			400,
			'bad-request'
		],
		[
			'/api/boards',
			{ method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } },
			400,
			'bad-request'
		],
		['/api/auth/sign-in/email', { method: 'POST', json: { email: 'a@b.cn' } }, 400, 'bad-request']
	])('%s %j is %i %s', async (path, parts, status, code) => {
		expect(await owner.request(path, parts)).toMatchObject({ status, json: error(code) });
	});

	test('a method that is not allowed says which are', async () => {
		const { headers } = await owner.request('/api/boards', { method: 'PATCH', json: {} });
		expect(headers.get('allow')).toContain('POST');
	});

	test('a body that is too large is 413, whether or not it says so before', async () => {
		const body = 'x'.repeat(600_000);
		const said = await owner.request('/api/boards', { method: 'POST', body });
		expect(said).toMatchObject({ status: 413, json: error('too-large') });
		const unsaid = await fetch(`${server.origin}/api/boards`, {
			method: 'POST',
			headers: { origin: server.origin, cookie: owner.cookieHeader, 'content-type': 'application/json' },
			body: new Blob([body]).stream(),
			duplex: 'half'
		} as RequestInit);
		expect([unsaid.status, await unsaid.json()]).toEqual([413, error('too-large')]);
	});

	test('better-auth’s other routes are not there', async () => {
		for (const path of [
			'sign-up/email',
			'update-user',
			'delete-user',
			'list-sessions',
			'ok',
			'error',
			'change-email'
		]) {
			const answer = await owner.request(`/api/auth/${path}`, { method: 'POST', json: {} });
			expect(answer, path).toMatchObject({ status: 404, json: error('not-found') });
		}
	});
});

describe('a bearer token', () => {
	test('does what its person may, without an Origin, and from anywhere', async () => {
		const token = await tokenOf(server, 'owner@example.cn');
		const program = new HttpClient(server.origin, token);
		const json = { id: 'by-token', title: '程序建的板' };
		expect((await program.request('/api/boards', { method: 'POST', json, origin: null })).status).toBe(201);
		expect((await program.request('/api/boards/by-token')).status).toBe(200);
	});

	test('is not taken when it is wrong, revoked, or sent as something else', async () => {
		const token = await tokenOf(server, 'wen@example.cn');
		const statusWith = async (authorization: string) =>
			(await nobody.request('/api/boards', { headers: { authorization } })).status;
		expect(await statusWith(`Bearer ${token}`)).toBe(200);
		expect(await statusWith(`Bearer ${token.slice(0, -1)}`)).toBe(401);
		expect(await statusWith(`Basic ${token}`)).toBe(401);
		expect(await statusWith(token)).toBe(401);
		const tokens = await command<{ id: string; userId: string }[]>(server, ['token', 'list']);
		await command(server, ['token', 'revoke', '--id', tokens.find(({ userId }) => userId === viewerId)!.id]);
		expect(await statusWith(`Bearer ${token}`)).toBe(401);
	});

	test('does not fall back to the cookie that comes along', async () => {
		const answer = await owner.request('/api/boards', { headers: { authorization: 'Bearer tc_wrong' } });
		expect(answer.status).toBe(401);
	});
});

describe('the audit', () => {
	test('is read by owners and auditors of the program', async () => {
		await addUser(server, { email: 'audit@example.cn', role: 'auditor' });
		const auditor = await signedIn('audit@example.cn');
		const { status, json } = await auditor.request('/api/audit?limit=3');
		expect(status).toBe(200);
		const { records, next } = json as { records: { id: string; action: string }[]; next: string };
		expect(records).toHaveLength(3);
		expect(records[0]).toMatchObject({ action: 'sign-in', result: 'ok', address: '127.0.0.1' });
		const page = (await auditor.request(`/api/audit?limit=3&before=${next}`)).json as { records: object[] };
		expect(page.records[0]).not.toEqual(records[2]);
		expect((await auditor.request('/api/audit?limit=x')).json).toEqual(error('bad-request'));
	});

	test('knows who was refused what', async () => {
		await viewer.request('/api/boards/dianzhong/members/x', { method: 'DELETE' });
		const { json } = await owner.request('/api/audit?action=rights-check&limit=1');
		expect(json).toMatchObject({
			records: [{ userId: viewerId, object: 'board=dianzhong wanted=members:manage', result: 'forbidden' }]
		});
	});
});

describe('named moments', () => {
	const versions = '/api/boards/dianzhong/versions';
	const post = (client: HttpClient, json: unknown) => client.request(versions, { method: 'POST', json });

	test('are made, changed and removed', async () => {
		const made = await post(coordinator, { name: '第三季度调度会', note: '五市' });
		expect(made).toMatchObject({ status: 201, json: { name: '第三季度调度会', note: '五市' } });
		const { id } = made.json as { id: string };
		const changed = await coordinator.request(`${versions}/${id}`, {
			method: 'PATCH',
			json: { note: '六市' }
		});
		expect(changed).toMatchObject({ status: 200, json: { id, name: '第三季度调度会', note: '六市' } });
		expect((await viewer.request(versions)).json).toMatchObject({ versions: [{ id }] });
		expect(await post(coordinator, { name: '第三季度调度会' })).toMatchObject({
			status: 409,
			json: error('conflict')
		});
		const removed = await coordinator.request(`${versions}/${id}`, { method: 'DELETE' });
		expect([removed.status, removed.text]).toEqual([204, '']);
		expect((await viewer.request(versions)).json).toEqual({ versions: [] });
	});

	test('are for who may read the history; naming one is for who plans', async () => {
		expect(await nobody.request(versions)).toMatchObject({ status: 401, json: error('signed-out') });
		expect(await outsider.request(versions)).toMatchObject({ status: 404, json: error('not-found') });
		expect(await post(outsider, { name: 'x' })).toMatchObject({ status: 404, json: error('not-found') });
		expect(await post(viewer, { name: 'x' })).toMatchObject({ status: 403, json: error('forbidden') });
		const gone = await coordinator.request(`${versions}/v-none`, { method: 'PATCH', json: { name: 'x' } });
		expect(gone).toMatchObject({ status: 404, json: error('not-found') });
	});
});

describe('two moments', () => {
	const compare = (client: HttpClient, query: string) =>
		client.request(`/api/boards/dianzhong/compare${query}`);
	const restore = (client: HttpClient, json: object) =>
		client.request('/api/boards/dianzhong/restore', { method: 'POST', json });
	const seqNow = async () => ((await owner.request('/api/boards/dianzhong')).json as { seq: number }).seq;

	test('are compared by entry or by time, from the beginning of the board to now', async () => {
		const seq = await seqNow();
		const { status, json } = await compare(viewer, '?from=1');
		expect(status).toBe(200);
		expect(json).toMatchObject({ from: { seq: 1 }, to: { seq }, title: null, stages: [], removed: [] });
		expect((json as { added: object[] }).added).toHaveLength(56);
		expect((json as { counts: { byCity: object[] } }).counts.byCity.length).toBeGreaterThan(5);
		const now = encodeURIComponent(new Date().toISOString());
		expect((await compare(viewer, `?from=${seq}&to=${now}`)).json).toMatchObject({ added: [], changed: [] });
	});

	test.each([
		['', 400, 'bad-request'],
		['?from=soon', 400, 'bad-request'],
		['?from=1&to=2999-01-01T00:00:00Z', 400, 'bad-request'],
		['?from=1&to=999999', 400, 'bad-request'],
		['?from=2&to=1', 400, 'bad-request'],
		['?from=2001-01-01T00:00:00Z', 404, 'not-found'],
		['?from=0', 404, 'not-found']
	])('compare%s is %i %s', async (query, status, code) => {
		expect(await compare(viewer, query)).toMatchObject({ status, json: error(code) });
	});

	test('are not for who may not see the board', async () => {
		expect(await compare(outsider, '?from=1')).toMatchObject({ status: 404, json: error('not-found') });
		expect(await compare(nobody, '?from=1')).toMatchObject({ status: 401, json: error('signed-out') });
		expect(await restore(outsider, { at: 1 })).toMatchObject({ status: 404, json: error('not-found') });
	});

	test('a whole board is put back by a coordinator, and that is put back in turn', async () => {
		const seq = await seqNow();
		expect(await restore(coordinator, { at: 1 })).toMatchObject({
			status: 201,
			json: { seq: seq + 1, before: seq }
		});
		const { json } = await coordinator.request('/api/boards/dianzhong');
		expect(json).toMatchObject({ seq: seq + 1, projects: [] });
		expect(await restore(coordinator, { at: String(seq) })).toMatchObject({ status: 201 });
		expect((await compare(viewer, `?from=${seq}`)).json).toMatchObject({
			stages: [],
			added: [],
			removed: [],
			moved: [],
			reordered: [],
			changed: []
		});
	});

	test('what is not to be put back is refused with its reason', async () => {
		const at = await seqNow();
		expect(await restore(viewer, { at: 1 })).toMatchObject({ status: 403, json: error('forbidden') });
		expect(await restore(coordinator, { at })).toMatchObject({ status: 409, json: error('conflict') });
		const never = { at, projectId: 'never-there' };
		expect(await restore(coordinator, never)).toMatchObject({ status: 404, json: error('not-found') });
		expect(await restore(coordinator, {})).toMatchObject({ status: 400, json: error('bad-request') });
		expect(await seqNow()).toBe(at);
	});
});
