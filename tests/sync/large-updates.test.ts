import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { SYSTEM } from '#server/audit/who.ts';
import { setField } from '#doc/mutators.ts';
import { PROJECT_FIELDS } from '#doc/fields.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { BOARD, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';

const OTHER = 'other';
const PROJECTS = 1_000;

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;
const peers: BoardPeer[] = [];

beforeAll(async () => {
	app = await startSyncApp({ limits: { idleRoomMs: 1, snapshotEntries: 1, snapshotPauseMs: 0 } });
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
	await app.app.context.boards.create({ id: OTHER, title: '另一块', template: 'stages' }, SYSTEM);
	await app.app.context.boards.addMember(
		OTHER,
		{ email: bo.email, role: 'planner' },
		{ who: SYSTEM, role: 'owner' }
	);
});
afterAll(() => app.close());
afterEach(() => {
	for (const peer of peers.splice(0)) peer.leave();
});

async function join(person: TestPerson, board = BOARD): Promise<BoardPeer> {
	const peer = await BoardPeer.join(app, board, person);
	peers.push(peer);
	await peer.saved();
	return peer;
}

const EVIDENCE = {
	document: 'plan',
	section: '3.2',
	date: '2026',
	stageWord: '加快建设',
	stage: 'construction',
	modality: 'fact',
	scope: 'exact',
	confidence: 'high'
};
/** A project with something in each of its fields. */
function projectOf(number: number): Y.Map<unknown> {
	return new Y.Map<unknown>(
		Object.entries({
			name: `项目${number}`,
			nameEn: `Project ${number}`,
			originalName: null,
			kind: 'project',
			place: { stage: 'study', order: 'a0' },
			sector: 'rail',
			subtype: null,
			leadCity: '530100',
			totalInvestmentYuan: number,
			investmentSource: '规划',
			investmentAsOf: '2026',
			caveat: null,
			cities: new Y.Map([
				['530100', true],
				['530400', true]
			]),
			counties: new Y.Map([['530102', true]]),
			evidence: new Y.Map([['first', EVIDENCE]]),
			figures: new Y.Map([['length', { value: number, unit: 'km', document: null }]]),
			dependencies: new Y.Map([['first', { type: '配套', basis: '规划' }]]),
			notes: new Y.XmlFragment()
		})
	);
}

let made = 0;
/** Puts a thousand whole projects on the board in one update; the ids they got. */
function addMany(peer: BoardPeer): string[] {
	const ids = Array.from({ length: PROJECTS }, () => `many-${made++}`);
	peer.edit((doc) => ids.forEach((id, number) => doc.getMap('projects').set(id, projectOf(number))));
	return ids;
}
const countOf = (peer: BoardPeer) => peer.board.projects.length;

test('[S87] a thousand projects with all their fields are taken in one update', async () => {
	const [one, two] = [await join(mei), await join(bo)];
	const before = countOf(one);
	const [id = ''] = addMany(one);
	await one.saved();
	await until('it is shown', () => countOf(two) === before + PROJECTS);
	const added = two.doc.getMap<Y.Map<unknown>>('projects').get(id)!;
	expect([...added.keys()].toSorted()).toEqual(Object.keys(PROJECT_FIELDS).toSorted());
	expect(two.board).toEqual(one.board);
	const { seq } = await app.journal.head(BOARD);
	expect(one.at.seq).toBe(seq);
	expect(await app.journal.verify(BOARD)).toMatchObject({ ok: true, entries: seq });
});

test('[S85] people on other boards are served while one is taken in, and it is shown whole or not at all', async () => {
	const [one, elsewhere] = [await join(mei), await join(bo, OTHER)];
	const before = countOf(one);
	elsewhere.edit((doc) => doc.getMap('projects').set('p', projectOf(0)));
	await elsewhere.saved();
	const joining: BoardPeer[] = [];
	const shown = new Set<number>();
	const look = () => joining.forEach((peer) => peer.isSynced && shown.add(countOf(peer)));
	addMany(one);
	let trips = 0;
	for (; one.acked < one.sent; trips++) {
		elsewhere.edit((doc) => setField(doc, { projectId: 'p', field: 'name', value: `第${trips}次` }));
		await elsewhere.saved();
		if (joining.length < 5) joining.push(await BoardPeer.open(app, BOARD, bo));
		look();
	}
	expect(trips).toBeGreaterThan(2);
	await until('all show it', () => {
		look();
		return joining.every((peer) => peer.isSynced && countOf(peer) === before + PROJECTS);
	});
	expect([...shown].filter((count) => count !== before && count !== before + PROJECTS)).toEqual([]);
	peers.push(...joining);
});

test('[S86] what comes to its board meanwhile is taken after it, in order', async () => {
	const [one, two] = [await join(mei), await join(bo)];
	const [id = ''] = addMany(one);
	const { id: known } = two.board.projects[0]!;
	for (let count = 0; count < 30; count++) {
		// one builds on what is still under way, the other knows nothing of it
		one.edit((doc) => setField(doc, { projectId: id, field: 'name', value: `其一${count}` }));
		two.edit((doc) => setField(doc, { projectId: known, field: 'name', value: `其二${count}` }));
	}
	await Promise.all([one.saved(), two.saved()]);
	await two.shows(id, '其一29');
	await one.shows(known, '其二29');
	expect(two.board).toEqual(one.board);
	expect(one.raw.all('refused')).toEqual([]);
	const { seq } = await app.journal.head(BOARD);
	expect(await app.journal.verify(BOARD)).toMatchObject({ ok: true, entries: seq });
});

test('[S86] who leaves right after sending it loses nothing, though nobody stays on the board', async () => {
	const one = await join(mei);
	const before = countOf(one);
	addMany(one);
	one.raw.socket.close();
	await once(one.raw.socket, 'close');
	await until('it is committed', async () => (await app.journal.head(BOARD)).seq > one.at.seq);
	const again = await join(bo);
	expect(countOf(again)).toBe(before + PROJECTS);
	expect(again.board).toEqual(one.board);
});

test('[S42] one that is wrong at its end leaves no trace', async () => {
	const [one, two] = [await join(mei), await join(bo)];
	const { board } = two;
	const { seq } = await app.journal.head(BOARD);
	one.edit((doc) => {
		for (let number = 0; number < PROJECTS; number++)
			doc.getMap('projects').set(`wrong-${number}`, projectOf(number));
		doc.getMap('projects').set('last', new Y.Map([['name', 7]]));
	});
	const { refused } = await one.raw.get('refused');
	expect(refused).toMatchObject({ code: 'schema', path: ['projects', 'last', 'name'] });
	expect((await join(mei)).board).toEqual(board);
	expect((await app.journal.head(BOARD)).seq).toBe(seq);
});
