import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addStage, setField } from '#doc/mutators.ts';
import type { Role } from '#domain/roles.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { tongchou } from '../support/server-process.ts';
import { BOARD, cookieOf, runSql, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { joinAsUsualClient } from '../support/usual-client.ts';
import { until } from '../support/until.ts';
import { SYSTEM } from '#server/audit/who.ts';

/** As the rules promise it; the defaults are in force here. */
const IN_FORCE_MS = 2_000;

let app: SyncApp;
let serial = 0;
const open: { terminate(): void }[] = [];

beforeAll(async () => {
	app = await startSyncApp();
});
afterAll(() => app.close());

/** The same with everything looked up so often that a test need not wait. */
async function startQuickApp(): Promise<void> {
	await app.close();
	app = await startSyncApp({ limits: { recheckMs: 20 } });
}
afterEach(() => {
	for (const client of open.splice(0)) client.terminate();
});

const addPerson = (role: Role) => app.addPerson(`person${serial++}`, role);

async function join(person: TestPerson): Promise<BoardPeer> {
	const peer = await BoardPeer.join(app, BOARD, person);
	open.push(peer.raw);
	await peer.saved();
	return peer;
}
async function closesWithin(raw: RawClient, code: number, what: () => Promise<unknown>): Promise<void> {
	await what();
	await until('the close', () => raw.closed, IN_FORCE_MS);
	expect(raw.closed?.code).toBe(code);
}

describe('[S50] who lost their role', () => {
	test('is closed with 4403, and what they send meanwhile is theirs no more', async () => {
		const person = await addPerson('planner');
		const { boards } = app.app.context;
		const [peer, other] = [await join(person), await join(await addPerson('planner'))];
		await closesWithin(peer.raw, 4403, () =>
			boards.removeMember(BOARD, person.id, { who: SYSTEM, role: 'owner' })
		);
		await expect(BoardPeer.open(app, BOARD, person)).rejects.toMatchObject({ status: 404 });
		expect(other.raw.closed).toBeUndefined();
	});
	test('the usual client does not come back', async () => {
		const person = await addPerson('viewer');
		const client = await joinAsUsualClient(app, BOARD, person);
		await app.app.context.boards.removeMember(BOARD, person.id, { who: SYSTEM, role: 'owner' });
		await until('the close', () => client.closeCodes.length > 0, IN_FORCE_MS);
		expect(client.closeCodes).toEqual([4403]);
		expect(client.provider.shouldConnect).toBe(false);
		client.destroy();
	});
});

describe('[S51] who is signed out', () => {
	test('by signing out is closed with 4401', async () => {
		const person = await addPerson('planner');
		const cookie = await cookieOf(app, person.email);
		const raw = await RawClient.open(app, `/${BOARD}`, { cookie, origin: app.origin });
		const byToken = await join(person);
		const signOut = () => app.app.context.auth.api.signOut({ headers: new Headers({ cookie }) });
		await closesWithin(raw, 4401, signOut);
		expect(byToken.raw.closed).toBeUndefined(); // another sign-in of the same person
	});
	test('because the session has run out is closed with 4401', async () => {
		const person = await addPerson('planner');
		const cookie = await cookieOf(app, person.email);
		const raw = await RawClient.open(app, `/${BOARD}`, { cookie, origin: app.origin });
		const past = new Date(Date.now() - 1_000).toISOString();
		await closesWithin(raw, 4401, async () =>
			runSql(app, `update session set "expiresAt" = '${past}' where "userId" = '${person.id}'`)
		);
	});
	test('because the account was shut by the command line is closed with 4401, on every connection', async () => {
		const person = await addPerson('planner');
		const cookie = await cookieOf(app, person.email);
		const raw = await RawClient.open(app, `/${BOARD}`, { cookie, origin: app.origin });
		const peer = await join(person);
		const shut = async () => {
			expect(await tongchou(app.dataDir, ['user', 'disable', '--email', person.email])).toMatchObject({
				code: 0
			});
		};
		await closesWithin(raw, 4401, shut);
		await until('the close', () => peer.raw.closed, IN_FORCE_MS);
		expect(peer.raw.closed?.code).toBe(4401);
		await expect(BoardPeer.open(app, BOARD, person)).rejects.toMatchObject({ status: 401 });
	});
});

test('[S52] a role that changed counts on the same connection', async () => {
	await startQuickApp();
	const person = await addPerson('planner');
	const { boards } = app.app.context;
	const peer = await join(person);
	const { id } = peer.board.projects[0]!;
	peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '还可以改' }));
	await peer.saved();

	await boards.addMember(BOARD, { email: person.email, role: 'coordinator' }, { who: SYSTEM, role: 'owner' });
	const mayLayOut = async () => {
		const attempt = await join(person);
		attempt.edit((doc) => addStage(doc, { stage: { id: `s${serial++}`, name: '列', nameEn: '' }, index: 0 }));
		await until('an answer', () => attempt.acked === attempt.sent || attempt.raw.all('refused').length > 0);
		return attempt.raw.all('refused').length === 0;
	};
	expect(await mayLayOut()).toBe(true);
	// the connection from before has learnt of it as well
	await until('two checks have passed', checksPassed(2));
	peer.edit((doc) => addStage(doc, { stage: { id: `s${serial++}`, name: '列', nameEn: '' }, index: 0 }));
	await peer.saved();

	await boards.addMember(BOARD, { email: person.email, role: 'viewer' }, { who: SYSTEM, role: 'owner' });
	await until('two checks have passed', checksPassed(2));
	const count = peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '不可以了' }));
	expect((await peer.raw.get('refused')).refused).toMatchObject({ count, code: 'forbidden' });
	expect(peer.raw.closed).toBeUndefined();
});

/** True once so many rounds of looking rights up have surely passed: each closes somebody who lost theirs before it. */
function checksPassed(rounds: number): () => Promise<boolean> {
	let passed = 0;
	let marker: RawClient | undefined;
	return async () => {
		if (!marker) {
			const person = await addPerson('viewer');
			marker = await RawClient.open(app, `/${BOARD}`, person);
			await app.app.context.boards.removeMember(BOARD, person.id, { who: SYSTEM, role: 'owner' });
		}
		if (marker.closed) {
			passed += 1;
			marker = undefined;
		}
		return passed >= rounds;
	};
}

test('[S53] a board that is gone is closed with 4404', async () => {
	const person = await addPerson('viewer');
	const { boards } = app.app.context;
	await boards.create({ id: 'brief', title: '短暂', template: 'stages' }, SYSTEM);
	await app.database.db
		.updateTable('person')
		.set({ role: 'owner' })
		.where('user_id', '=', person.id)
		.execute();
	const raw = await RawClient.open(app, '/brief', person);
	await closesWithin(raw, 4404, async () =>
		runSql(app, `pragma foreign_keys = off; delete from board where id = 'brief'`)
	);
});
