import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setField } from '#doc/mutators.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { HttpClient } from '../support/http-client.ts';
import { addUser, command, PASSWORD, tokenOf } from '../support/server-people.ts';
import { START_TIMEOUT_MS, type ServerProcess, startServer } from '../support/server-process.ts';

const BOARD = 'dianzhong';
const API = `/api/boards/${BOARD}`;
const NAME = '=HYPERLINK("http://evil.example")';
let server: ServerProcess;
let owner: HttpClient;
let auditor: HttpClient;
let viewer: HttpClient;
let outsider: HttpClient;

async function signedIn(email: string): Promise<HttpClient> {
	const client = new HttpClient(server.origin);
	expect((await client.signIn(email, PASSWORD)).status).toBe(200);
	return client;
}

beforeAll(async () => {
	server = await startServer();
	await addUser(server, { email: 'owner@example.cn', role: 'owner', name: '周正' });
	await addUser(server, { email: 'shen@example.cn', role: 'planner', boardRole: 'auditor' });
	await addUser(server, { email: 'wen@example.cn', role: 'viewer', boardRole: 'viewer' });
	await addUser(server, { email: 'mei@example.cn', role: 'planner', boardRole: 'planner', name: '李梅' });
	await addUser(server, { email: 'out@example.cn', role: 'planner' });
	[owner, auditor, viewer, outsider] = (await Promise.all(
		['owner@example.cn', 'shen@example.cn', 'wen@example.cn', 'out@example.cn'].map(signedIn)
	)) as [HttpClient, HttpClient, HttpClient, HttpClient];
	const mei = await BoardPeer.join(server, BOARD, { token: await tokenOf(server, 'mei@example.cn') });
	const { id } = mei.board.projects[0]!;
	mei.edit((doc) => setField(doc, { projectId: id, field: 'name', value: NAME }));
	await mei.saved();
	mei.leave();
	await command(server, ['history', 'root']);
}, START_TIMEOUT_MS);
afterAll(() => server?.stop());

const auditOf = async (action: string) => {
	const { json } = await owner.request(`/api/audit?action=${action}`);
	return (json as { records: { object: string }[] }).records;
};

describe('the history as a file', () => {
	test('CSV holds every change in words, under people’s names, with nothing to compute', async () => {
		const { status, headers, text } = await viewer.request(`${API}/changes.csv`);
		expect(status).toBe(200);
		expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
		expect(headers.get('content-disposition')).toMatch(
			/^attachment; filename="history-dianzhong-[\d-]+\.csv"$/
		);
		const newest = text.split('\r\n')[1]!;
		expect(newest).toMatch(/^58,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,李梅,昆明市发展和改革委员会,字段修改,/);
		expect(newest).toContain(`,名称,`);
		expect(newest).toContain(`"'${NAME.replaceAll('"', '""')}"`);
		const { json } = await viewer.request(`${API}/changes?limit=500`);
		expect(text.match(/^\d+,\d{4}-/gm)).toHaveLength((json as { changes: object[] }).changes.length);
	});

	test('in English where the reader reads English', async () => {
		const english = new HttpClient(server.origin);
		await english.signIn('wen@example.cn', PASSWORD);
		english.cookies.set('PARAGLIDE_LOCALE', 'en');
		const { text } = await english.request(`${API}/changes.csv?kind=field-set`);
		expect(text.split('\r\n')[0]).toContain('Entry,Entered (UTC+8),Person,Organisation');
		expect(text.split('\r\n')[1]).toMatch(/Values changed/);
		expect(text).not.toMatch(/字段修改/);
	});

	test('JSON lines hold what the API gives, and what the page says; filters hold', async () => {
		const { text, headers } = await viewer.request(`${API}/changes.jsonl?kind=field-set`);
		expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
		const lines = text
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as object);
		expect(lines).toMatchObject([
			{
				seq: 58,
				kind: 'field-set',
				field: 'name',
				after: NAME,
				actor: { name: '李梅', org: '昆明市发展和改革委员会' },
				told: { what: '名称', after: NAME }
			}
		]);
		expect((await viewer.request(`${API}/changes.jsonl?since=2099`)).text).toBe('');
	});

	test('a workbook is an archive', async () => {
		const answer = await fetch(`${server.origin}${API}/changes.xlsx`, {
			headers: { cookie: viewer.cookieHeader }
		});
		const bytes = Buffer.from(await answer.arrayBuffer());
		expect(bytes.subarray(0, 4)).toEqual(Buffer.from('PK\x03\x04'));
		expect(bytes.includes('xl/worksheets/sheet1.xml')).toBe(true);
	});

	test('each is recorded, once', async () => {
		const before = (await auditOf('history-export')).length;
		await auditor.request(`${API}/changes.csv`);
		const records = await auditOf('history-export');
		expect(records).toHaveLength(before + 1);
		expect(records[0]!.object).toBe('board=dianzhong format=csv');
	});

	test.each([
		['changes.pdf', 404, 'not-found'],
		['changes.constructor', 404, 'not-found'],
		['changes.csv?since=never', 400, 'bad-request'],
		['changes.csv?org=nobody', 400, 'bad-request']
	])('%s is refused before anything is sent', async (path, status, code) => {
		const answer = await viewer.request(`${API}/${path}`);
		expect([answer.status, answer.json]).toMatchObject([status, { error: { code } }]);
	});

	test('is not there for who may not see the board', async () => {
		expect((await outsider.request(`${API}/changes.csv`)).status).toBe(404);
		expect((await new HttpClient(server.origin).request(`${API}/changes.csv`)).status).toBe(401);
	});
});

describe('signed roots', () => {
	test('are listed and given to owners of the program, and recorded', async () => {
		const { json } = await owner.request('/api/roots');
		const { roots } = json as { roots: { name: string; problem: string | null }[] };
		expect(roots.map(({ problem }) => problem)).toEqual(roots.map(() => null));
		const { name } = roots.at(-1)!;
		const { status, json: root } = await owner.request(`/api/roots/${name}`);
		expect([status, root]).toMatchObject([
			200,
			{ format: 'tongchou-root/1', boards: [{ board: BOARD, seq: 58 }] }
		]);
		expect((await auditOf('root-export'))[0]!.object).toBe(`root=${name}`);
		for (const path of ['/api/roots/2000-01-01.json', '/api/roots/..%2froot-key.pem'])
			expect((await owner.request(path)).status).toBe(404);
	});

	test('of a board are given to its auditors and owners, the others see that they may not', async () => {
		const { status, json } = await auditor.request(`${API}/roots`);
		expect(status).toBe(200);
		expect(json).toMatchObject({ key: expect.stringContaining('BEGIN PUBLIC KEY') as string });
		expect((json as { roots: object[] }).roots.at(-1)).toMatchObject({
			root: { boards: [{ board: BOARD, path: [] }] }
		});
		expect((await viewer.request(`${API}/roots`)).status).toBe(403);
		expect((await outsider.request(`${API}/roots`)).status).toBe(404);
		for (const path of ['/api/roots', '/api/roots/x.json'])
			expect((await auditor.request(path)).status).toBe(403);
	});

	test('are checked with a public key that is nobody’s secret', async () => {
		const { text } = await viewer.request('/api/roots/key');
		expect(text).toMatch(/^-----BEGIN PUBLIC KEY-----/);
		expect(text).not.toContain('PRIVATE');
		expect((await new HttpClient(server.origin).request('/api/roots/key')).status).toBe(401);
	});

	test('vouch for the record', async () => {
		const { json } = await viewer.request(`${API}/verify`);
		expect(json).toMatchObject({ ok: true, entries: 58, firstBadSeq: null, cause: null, root: { seq: 58 } });
	});
});
