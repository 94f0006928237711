import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { setField } from '#doc/mutators.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { type Credentials, RawClient, UpgradeRefused } from '../support/raw-client.ts';
import { tongchou } from '../support/server-process.ts';
import { BOARD, cookieOf, runSql, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { SYSTEM } from '#server/audit/who.ts';

const SOCKETS_PER_USER = 3;
const SOCKETS_PER_ADDRESS = 5;

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;
let cookie: string;
const opened: RawClient[] = [];

beforeAll(async () => {
	const env = {
		MAX_SOCKETS_PER_USER: String(SOCKETS_PER_USER),
		MAX_SOCKETS_PER_ADDRESS: String(SOCKETS_PER_ADDRESS)
	};
	app = await startSyncApp({ env });
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'viewer');
	cookie = await cookieOf(app, mei.email);
});
afterAll(() => app.close());
afterEach(leave);

async function leave(): Promise<void> {
	for (const client of opened.splice(0)) client.terminate();
	await until('all places are given back', async () => (await sockets()) === 0);
}

async function sockets(): Promise<number> {
	const metrics = await (await fetch(`${app.origin}/metrics`)).text();
	return Number(/^tongchou_sync_sockets (\d+)$/m.exec(metrics)?.[1]);
}

/** Status an upgrade is answered with; 101 for an open connection. */
async function statusOf(path: string, credentials: Credentials): Promise<number> {
	try {
		opened.push(await RawClient.open(app, path, credentials));
		return 101;
	} catch (error) {
		if (error instanceof UpgradeRefused) return error.status;
		throw error;
	}
}

describe('[S1] who is not signed in is answered 401', () => {
	test.each<[string, () => Credentials]>([
		['nothing', () => ({})],
		['nothing but the right origin', () => ({ origin: app.origin })],
		['a made-up token', () => ({ token: 'tc_bm9ib2R5' })],
		['a token of another form', () => ({ token: 'x'.repeat(5_000) })],
		['an empty token', () => ({ token: '' })],
		['a made-up cookie', () => ({ cookie: 'better-auth.session_token=abc.def', origin: app.origin })],
		[
			'a cookie with a changed signature',
			() => ({ cookie: cookie.slice(0, -6) + 'AAAAAA', origin: app.origin })
		]
	])('%s', async (_, credentials) => {
		expect(await statusOf(`/${BOARD}`, credentials())).toBe(401);
		// nothing tells a stranger which boards there are
		expect(await statusOf('/no-such-board', credentials())).toBe(401);
	});

	test('a token that was revoked, and a session that has ended', async () => {
		const wen = await app.addPerson('wen', 'viewer');
		const hers = { cookie: await cookieOf(app, wen.email), origin: app.origin };
		expect(await statusOf(`/${BOARD}`, hers)).toBe(101);
		await app.app.context.people.disable(wen.email, SYSTEM);
		expect(await statusOf(`/${BOARD}`, hers)).toBe(401);
		expect(await statusOf(`/${BOARD}`, wen)).toBe(401);
	});
});

describe('[S2] a foreign origin is answered 403', () => {
	const foreign = (origin: string): [string, string] => [origin, origin];
	test.each([
		foreign('https://evil.example'),
		foreign('null'),
		['another port', 'PORT1'],
		['a longer name', 'SUFFIX'],
		['another scheme', 'HTTPS'],
		['localhost', 'LOCALHOST'],
		['a user in front', 'USER'],
		['a slash at its end', 'SLASH'],
		['two at once', 'TWO']
	])('%s', async (_, kind) => {
		const { port } = new URL(app.origin);
		const tricks: Record<string, string> = {
			PORT1: `http://127.0.0.1:${port}1`,
			SUFFIX: `http://127.0.0.1.evil.example:${port}`,
			HTTPS: `https://127.0.0.1:${port}`,
			LOCALHOST: `http://localhost:${port}`,
			USER: `http://evil@127.0.0.1:${port}`,
			SLASH: `${app.origin}/`,
			TWO: `${app.origin}, https://evil.example`
		};
		const origin = tricks[kind] ?? kind;
		expect(await statusOf(`/${BOARD}`, { cookie, origin })).toBe(403);
		expect(await statusOf(`/${BOARD}`, { ...mei, origin })).toBe(403);
		expect(await statusOf(`/${BOARD}`, { origin })).toBe(403);
	});
	test('an empty one', async () => {
		expect(await statusOf(`/${BOARD}`, { cookie, origin: '' })).toBe(403);
	});
});

test('[S3] a cookie needs the right origin, a token needs none', async () => {
	expect(await statusOf(`/${BOARD}`, { cookie })).toBe(403);
	expect(await statusOf(`/${BOARD}`, { cookie, origin: app.origin })).toBe(101);
	expect(await statusOf(`/${BOARD}`, { token: mei.token })).toBe(101);
	expect(await statusOf(`/${BOARD}`, { token: mei.token, origin: app.origin })).toBe(101);
});

describe('[S4] a board that is not there, and one of others, are answered 404', () => {
	test.each([
		['/no-such-board'],
		['/of-others'],
		['/'],
		[''],
		['/a/b'],
		[`/${BOARD}/`],
		['/..%2f..%2fetc'],
		['/%ff'],
		['/%00'],
		['/__proto__'],
		['/constructor'],
		[`/${'a'.repeat(3_000)}`],
		[`/${encodeURIComponent("x' or 1=1 --")}`]
	])('%s', async (path) => {
		await app.app.context.boards
			.create({ id: 'of-others', title: '别处', template: 'stages' }, SYSTEM)
			.catch(() => undefined); // it is there since the first of these
		expect(await statusOf(path, mei)).toBe(404);
	});
	test('the name may be percent-encoded and followed by a query', async () => {
		expect(await statusOf('/%64ianzhong?token=nothing', mei)).toBe(101);
	});
});

describe('[S5] connections have a number', () => {
	test('of one person; one that ends makes room', async () => {
		const statuses = [];
		for (let count = 0; count < SOCKETS_PER_USER + 1; count++)
			statuses.push(await statusOf(`/${BOARD}`, mei));
		expect(statuses).toEqual([101, 101, 101, 429]);
		opened.pop()!.terminate();
		await until('there is room', async () => (await sockets()) < SOCKETS_PER_USER);
		expect(await statusOf(`/${BOARD}`, mei)).toBe(101);
	});
	test('from one address', async () => {
		for (const person of [mei, mei, mei, bo, bo]) expect(await statusOf(`/${BOARD}`, person)).toBe(101);
		expect(await statusOf(`/${BOARD}`, bo)).toBe(429);
	});
	test('what is refused takes none', async () => {
		for (let count = 0; count < SOCKETS_PER_USER * 2; count++)
			expect(await statusOf('/no-such-board', mei)).toBe(404);
		expect(await statusOf(`/${BOARD}`, mei)).toBe(101);
	});
});

describe('[S6] a board whose journal was tampered with is refused, others open', () => {
	test.each([
		['an update was changed', `update journal set update_bytes = x'0000' where board_id = 'bad' and seq = 3`],
		['an entry is missing', `delete from journal where board_id = 'bad' and seq = 2`],
		['the journal is empty but for its end', `delete from journal where board_id = 'bad' and seq < 5`],
		['the actor was changed', `update journal set actor_id = 'somebody' where board_id = 'bad' and seq = 4`]
	])('%s', async (_, sql) => {
		const { boards } = app.app.context;
		const projects = app.app.context.portfolio.projects.slice(0, 6);
		runSql(app, `drop trigger if exists journal_no_update; drop trigger if exists journal_no_delete`);
		runSql(app, `delete from change where board = (select id from change_term where text = 'bad')`);
		for (const table of ['journal', 'snapshot', 'client_owner', 'membership', 'board'])
			runSql(app, `delete from "${table}" where ${table === 'board' ? 'id' : 'board_id'} = 'bad'`);
		await boards.create({ id: 'bad', title: '坏', template: 'stages' }, SYSTEM, { projects });
		await boards.addMember('bad', { email: mei.email, role: 'planner' }, { who: SYSTEM, role: 'owner' });
		runSql(app, sql);
		app.log.length = 0;
		expect(await statusOf('/bad', mei)).toBe(503);
		const line = app.log.find(({ board }) => board === 'bad');
		expect(line).toMatchObject({ level: 50, msg: 'upgrade failed' });
		expect(JSON.stringify(line)).toMatch(/missing or was changed/);
		expect(await statusOf(`/${BOARD}`, mei)).toBe(101);
	});
});

test('[S7] an upgrade elsewhere is answered 404', async () => {
	for (const path of ['/', '/syncs/dianzhong', '/api/boards', '/sync%2fdianzhong']) {
		const status = await new Promise((resolve, reject) => {
			const upgrade = request(app.origin + path, {
				headers: { connection: 'Upgrade', upgrade: 'websocket', authorization: `Bearer ${mei.token}` }
			});
			upgrade.on('response', (response) => resolve(response.statusCode));
			upgrade.on('upgrade', () => reject(new Error(`${path} was upgraded`)));
			upgrade.on('error', reject);
			upgrade.end();
		});
		expect(status, path).toBe(404);
	}
});

test('[S8] a board made by the command line can be opened at once', async () => {
	const made = await tongchou(app.dataDir, ['board', 'create', '--id', 'new', '--title', '新']);
	expect(made).toMatchObject({ code: 0 });
	expect(await statusOf('/new', mei)).toBe(404);
	await tongchou(app.dataDir, ['member', 'add', '--board', 'new', '--email', mei.email, '--role', 'viewer']);
	expect(await statusOf('/new', mei)).toBe(101);
});

test('[S110] many at once are each answered by what they came with', async () => {
	const li = await app.addPerson('li', 'viewer');
	const asked: [path: string, credentials: Credentials, status: number][] = [
		[`/${BOARD}`, mei, 101],
		['/of-nobody', mei, 404],
		[`/${BOARD}`, { token: 'tc_bm9ib2R5' }, 401],
		[`/${BOARD}`, { cookie, origin: app.origin }, 101],
		[`/${BOARD}`, { cookie: cookie.replace('.', 'x.'), origin: app.origin }, 401],
		[`/${BOARD}`, { cookie, origin: 'http://elsewhere.example' }, 403],
		[`/${BOARD}`, bo, 101],
		[`/${BOARD}`, li, 101]
	];
	const statuses = await Promise.all(asked.map(([path, credentials]) => statusOf(path, credentials)));
	expect(statuses).toEqual(asked.map(([, , status]) => status));
	const uses = () => app.database.db.selectFrom('audit').select('actor_id').where('action', '=', 'token-use');
	const users = async () => (await uses().execute()).map(({ actor_id }) => actor_id);
	await until('the record', async () => (await users()).includes(li.id));
	expect((await users()).filter((id) => id === li.id)).toEqual([li.id]);
	await leave();
	// each was let in as who they are
	const [one, two] = [await BoardPeer.join(app, BOARD, li), await BoardPeer.join(app, BOARD, mei)];
	opened.push(one.raw, two.raw);
	const { id } = two.board.projects[0]!;
	two.edit((doc) => setField(doc, { projectId: id, field: 'nameEn', value: 'by a planner' }));
	await two.saved();
	one.edit((doc) => setField(doc, { projectId: id, field: 'nameEn', value: 'by a viewer' }));
	await one.raw.get('refused');
});

describe('[S111] a session', () => {
	const DAY_MS = 86_400_000;
	const expiry = async (userId: string) => {
		const sessions = app.database.db.selectFrom('session').select('expiresAt').where('userId', '=', userId);
		const session = await sessions.executeTakeFirst();
		return session && (new Date(session.expiresAt).getTime() - Date.now()) / DAY_MS;
	};
	const letExpireIn = (userId: string, days: number) => {
		const at = new Date(Date.now() + days * DAY_MS).toISOString();
		runSql(app, `update session set "expiresAt" = '${at}' where "userId" = '${userId}'`);
	};
	test.each([
		['used today is left as it is', 6.5, 101, 6.5],
		['not used for a day is lengthened', 5.5, 101, 7],
		['that has run out is not brought back', -0.01, 401, undefined]
	])('%s', async (what, days, status, daysAfter) => {
		const person = await app.addPerson(`of-a-session-${status}-${days}`, 'viewer');
		const theirs = { cookie: await cookieOf(app, person.email), origin: app.origin };
		letExpireIn(person.id, days);
		expect(await statusOf(`/${BOARD}`, theirs), what).toBe(status);
		const after = await expiry(person.id);
		if (daysAfter === undefined) expect(after).toBeUndefined();
		else expect(after).toBeCloseTo(daysAfter, 1);
	});
});

test('[S9] the audit has a token’s use, a board asked for in vain and a refused update, once each', async () => {
	const before = await app.database.db.selectFrom('audit').select('id').execute();
	const known = new Set(before.map(({ id }) => id));
	expect(await statusOf('/of-nobody', bo)).toBe(404);
	expect(await statusOf(`/${BOARD}`, { cookie, origin: app.origin })).toBe(101);
	const viewer = await BoardPeer.join(app, BOARD, bo);
	opened.push(viewer.raw);
	const { id } = viewer.board.projects[0]!;
	for (const value of ['一', '二'])
		viewer.edit((doc) => setField(doc, { projectId: id, field: 'name', value }));
	await viewer.raw.get('refused');
	const plain = await BoardPeer.join(app, BOARD, mei, { hello: null });
	plain.edit((doc) => doc.getMap('secrets').set('a', 1));
	await plain.raw.closeCode();

	const records = async () =>
		(await app.database.db.selectFrom('audit').selectAll().orderBy('id').execute()).filter(
			(row) => !known.has(row.id)
		);
	await until('the last record', async () => (await records()).length >= 5);
	const [address, by] = [
		'127.0.0.1',
		(person: TestPerson) => ({ actor_id: person.id, session_id: expect.any(String) as string })
	];
	expect(await records()).toEqual(
		[
			{ ...by(bo), action: 'rights-check', object: 'board=of-nobody wanted=board:read', result: 'not-found' },
			{ ...by(bo), action: 'token-use', object: `request=sync ${BOARD}`, result: 'ok' },
			{ ...by(bo), action: 'update', object: `board=${BOARD} path=projects/${id}/name`, result: 'forbidden' },
			{ ...by(mei), action: 'token-use', object: `request=sync ${BOARD}`, result: 'ok' },
			{ ...by(mei), action: 'update', object: `board=${BOARD} path=secrets`, result: 'schema' }
		].map((record) => expect.objectContaining({ ...record, address }) as unknown)
	);
});
