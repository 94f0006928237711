import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { addProject, moveProject, removeProject, setField } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { BoardTab, BrowserStore } from '../support/board-tab.ts';
import { BOARD, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';

/** Everything that is to happen now and then happens all the time: memory is short, and rooms and documents let go. */
const LIMITS = {
	recheckMs: 10,
	idleRoomMs: 10,
	quietDocumentMs: 15,
	catchUpNoteMs: 3,
	tailEntries: 9,
	snapshotEntries: 4,
	snapshotPauseMs: 0
};
const STAGES = ['study', 'planned', 'construction'];

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;

beforeAll(async () => {
	app = await startSyncApp({ limits: LIMITS });
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
});
afterAll(() => app.close());

/** Two browsers, of which one has two tabs that share what is kept. */
interface World {
	stores: BrowserStore[];
	tabs: BoardTab[];
	epoch: number;
}
const TABS = [0, 0, 1];
const personOf = (store: number) => (store === 0 ? mei : bo);
const openTab = ({ stores, epoch }: World, index: number) => {
	const store = TABS[index]!;
	return new BoardTab(app, personOf(store), stores[store]!, epoch);
};

type Step = (world: World) => Promise<void> | void;
let made = 0;

function change(doc: Y.Doc, origin: unknown, { what, pick }: { what: number; pick: number }): void {
	const { projects } = readBoard(doc);
	const project = projects[pick % Math.max(1, projects.length)];
	const stageId = STAGES[pick % STAGES.length]!;
	const fields = { name: `第${++made}个`, sector: 'rail' as const };
	if (!project || what === 0)
		addProject(doc, { projectId: `new-${made}`, stageId, index: 0, fields }, origin);
	else if (what === 1) removeProject(doc, project.id, origin);
	else if (what === 2) moveProject(doc, { projectId: project.id, stageId, index: pick % 5 }, origin);
	else setField(doc, { projectId: project.id, field: 'name', value: `改${++made}` }, origin);
}

const tab = fc.nat({ max: TABS.length - 1 });
const edit = fc
	.record({ tab, what: fc.nat({ max: 5 }), pick: fc.nat({ max: 1_000 }) })
	.map(({ tab: index, ...how }): Step => ({ tabs }) => {
		const target = tabs[index]!;
		if (readBoard(target.replica.doc).stages.length > 0)
			target.edit((doc, origin) => change(doc, origin, how));
	});
const online = tab.map(
	(index): Step =>
		({ tabs }) =>
			tabs[index]!.connect()
);
const offline = tab.map(
	(index): Step =>
		({ tabs }) =>
			tabs[index]!.disconnect()
);
const inStep = tab.map((index): Step => async ({ tabs }) => {
	tabs[index]!.connect();
	await until('a tab in step', () => tabs[index]!.isSynced && tabs[index]!.pending.size === 0);
});
const tabDies = fc.tuple(tab, fc.nat({ max: 4 })).map(([index, lost]): Step => (world) => {
	world.tabs[index]!.die();
	if (lost > 0) world.stores[TABS[index]!]!.loseLastOf(world.tabs[index]!, lost);
	world.tabs[index] = openTab(world, index);
});
const browserDies = fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 6 })).map(([store, lost]): Step => (world) => {
	const own = TABS.flatMap((of, index) => (of === store ? [index] : []));
	for (const index of own) world.tabs[index]!.die();
	world.stores[store]!.loseLast(lost);
	for (const index of own) world.tabs[index] = openTab(world, index);
});
/** Lets the others go on for as long as some questions to the database take. */
const moment = fc.nat({ max: 30 }).map((questions): Step => async () => {
	for (let count = 0; count < questions; count++) await app.journal.head(BOARD);
});
const step = fc.oneof(
	{ weight: 6, arbitrary: edit },
	{ weight: 2, arbitrary: online },
	{ weight: 2, arbitrary: inStep },
	{ weight: 1, arbitrary: offline },
	{ weight: 2, arbitrary: tabDies },
	{ weight: 1, arbitrary: browserDies },
	{ weight: 2, arbitrary: moment }
);

async function play(steps: readonly Step[]): Promise<void> {
	const { epoch } = await app.journal.head(BOARD);
	const world: World = { stores: [new BrowserStore(), new BrowserStore()], tabs: [], epoch };
	world.tabs = TABS.map((_, index) => openTab(world, index));
	try {
		for (const next of steps) await next(world);
		for (const each of world.tabs) each.connect();
		await until('all in step', () =>
			world.tabs.every(({ isSynced, pending }) => isSynced && pending.size === 0)
		);
		const stored = async () => JSON.stringify(readBoard((await app.journal.load(BOARD)).doc));
		const shown = (each: BoardTab) => JSON.stringify(readBoard(each.replica.doc));
		const expected = await stored();
		await until('the same board', () => world.tabs.every((each) => shown(each) === expected));
		expect(
			world.tabs.map(({ closeCode }) => closeCode).filter((code) => code !== undefined && code > 1_013)
		).toEqual([]);
		// and so does who opens the board with what is kept now
		for (const each of world.tabs) each.die();
		world.tabs = [0, 2].map((index) => openTab(world, index));
		for (const each of world.tabs) each.connect();
		await until('all in step again', () => world.tabs.every(({ isSynced }) => isSynced));
		for (const each of world.tabs) expect(shown(each)).toBe(expected);
		expect(await stored()).toBe(expected);
	} finally {
		for (const each of world.tabs) each.die();
	}
}

test('[S100][S101] whenever tabs and browsers die, who comes back shows the board, and what was kept reaches it', async () => {
	await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), play), {
		numRuns: 25,
		endOnFailure: true
	});
}, 120_000);
