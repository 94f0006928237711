import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RecordedChange } from '#domain/change.ts';
import type { Services } from '#server/app.ts';
import type { Connection } from '#server/database/connect.ts';
import type { HistoryParameters } from '#server/history/history.service.ts';
import { ChangeList } from '../../src/routes/boards/[board]/history/change-list.svelte.ts';
import { readFilter } from '../../src/routes/boards/[board]/history/history-filter.ts';
import { session, type Step, writeNotes } from './edits.ts';
import { play, take } from './play.ts';
import { openServices } from './services.ts';
import type { WrittenBoard } from './written-board.ts';

let services: Services;
let connection: Connection;
beforeAll(async () => {
	({ services, connection } = await openServices());
});
afterAll(() => connection.db.destroy());

/** The API, without the network in between. */
const fetchFrom = (board: WrittenBoard) => async (address: RequestInfo | URL) => {
	const url = new URL(String(address), 'http://127.0.0.1');
	expect(url.pathname).toBe(`/api/boards/${board.id}/changes`);
	const page = await services.history.list(board.id, Object.fromEntries(url.searchParams));
	return Response.json(page);
};

async function openList(board: WrittenBoard, query: string): Promise<ChangeList> {
	const parameters: HistoryParameters = Object.fromEntries(new URLSearchParams(query));
	const first = await services.history.list(board.id, { ...parameters, limit: '5' });
	const { seq } = await board.journal.head(board.id);
	const filter = readFilter(new URLSearchParams(query));
	return new ChangeList({
		boardId: board.id,
		filter,
		first,
		seq,
		orgOf: () => null,
		fetch: fetchFrom(board)
	});
}

const shownIn = (list: ChangeList): RecordedChange[] =>
	list.days.flatMap(({ sittings }) => sittings.flatMap(({ rows }) => rows));

async function allOf(board: WrittenBoard, query: string): Promise<RecordedChange[]> {
	const parameters: HistoryParameters = Object.fromEntries(new URLSearchParams(query));
	return (await services.history.list(board.id, { ...parameters, limit: '500' })).changes;
}

/** What happens to somebody who has the page open. */
type Reading = 'told' | 'line lost' | 'scrolled down' | 'scrolled up' | 'asks for more' | 'shows new';
const reading = fc.constantFrom<Reading>(
	'told',
	'told',
	'told',
	'line lost',
	'scrolled down',
	'scrolled up',
	'asks for more',
	'shows new'
);

/** The line between a board and a list: it brings what was committed since, or is lost and comes back. */
class Line {
	readonly #board: WrittenBoard;
	readonly #list: ChangeList;
	#isLost = false;
	isReading = false;
	constructor(board: WrittenBoard, list: ChangeList) {
		this.#board = board;
		this.#list = list;
		board.told.clear();
	}

	async read(reading: Reading): Promise<void> {
		await this.#board.commit();
		if (reading === 'line lost') this.#isLost = true;
		else if (reading === 'scrolled down') this.isReading = true;
		else if (reading === 'scrolled up') this.isReading = false;
		else if (reading === 'shows new') this.#list.showWaiting();
		else if (reading === 'asks for more') await this.#list.loadMore();
		else await this.tell();
	}

	async tell(): Promise<void> {
		const rows = [...this.#board.told.values()];
		this.#board.told.clear();
		if (this.#isLost) {
			this.#isLost = false;
			const { seq } = await this.#board.journal.head(this.#board.id);
			await this.#list.catchUp(seq, this.isReading);
		} else if (rows.length > 0) this.#list.take(rows, this.isReading);
	}
}

test.each(['', 'order=dated', 'project=p0,p1', 'kind=notes-edited,evidence-added&order=dated', 'actor=mei'])(
	'whatever happens to the line and the reader, in the end "%s" shows what the server has',
	async (query) => {
		const steps = fc.array(fc.tuple(session, fc.array(reading, { minLength: 1, maxLength: 5 })), {
			minLength: 1,
			maxLength: 4
		});
		await fc.assert(
			fc.asyncProperty(session, steps, async (before, during) => {
				const board = await play(connection.db, before);
				const list = await openList(board, query);
				const line = new Line(board, list);
				vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2024-05-21T00:00:00Z') });
				for (const [edits, readings] of during) {
					for (const step of edits) await take(board, step as Step);
					for (const one of readings) await line.read(one);
				}
				vi.useRealTimers();
				await board.commit();
				await line.tell();
				const all = (await allOf(board, query)).map(({ seq, index, after, at }) => ({
					seq,
					index,
					after,
					at
				}));
				list.showWaiting();
				expect(shownIn(list)).toMatchObject(all.slice(0, shownIn(list).length));
				while (list.hasMore) await list.loadMore();
				expect(shownIn(list)).toMatchObject(all);
			}),
			{ numRuns: 25 }
		);
	},
	60_000
);

test('what comes while the reader is further down waits; what they see moves for nobody', async () => {
	const board = await play(connection.db, fc.sample(session, { seed: 3, numRuns: 4 }).flat());
	const list = await openList(board, '');
	const before = shownIn(list);
	const [newest] = before;
	list.take([{ ...newest!, seq: newest!.seq + 1, index: 0, kind: 'field-set' }], true);
	expect(shownIn(list)).toEqual(before);
	expect(list.waitingCount).toBe(1);
	list.showWaiting();
	expect(list.waitingCount).toBe(0);
	expect(shownIn(list)).toHaveLength(before.length + 1);
	expect(list.isNew(`${newest!.seq + 1}.0`)).toBe(true);
	expect(list.isNew(`${newest!.seq}.${newest!.index}`)).toBe(false);
});

test('of notes that wait and went on meanwhile the newer words are shown, also when the clock was set back', async () => {
	const writes = (line: string): Step => ({
		do: 'edit',
		by: 'mei',
		write: (doc) => writeNotes(doc, 'p0', line)
	});
	const setBack: Step = { do: 'wait', ms: -60_000 };
	const board = await play(connection.db, [writes('一')]);
	const list = await openList(board, 'order=dated');
	vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2024-05-20T08:00:30.000Z') });
	const tell = async (isReading: boolean) => {
		await board.commit();
		list.take([...board.told.values()], isReading);
		board.told.clear();
	};
	await take(board, writes('二'));
	await tell(true);
	await take(board, setBack);
	await take(board, writes('三'));
	await tell(false);
	vi.useRealTimers();
	expect(shownIn(list).find(({ kind }) => kind === 'notes-edited')?.after).toContain('三');
});

test('a page that does not come can be asked for again, and a gap that stays is told', async () => {
	const board = await play(connection.db, fc.sample(session, { seed: 3, numRuns: 4 }).flat());
	let isDown = true;
	const first = await services.history.list(board.id, { limit: '5' });
	const list = new ChangeList({
		boardId: board.id,
		filter: readFilter(new URLSearchParams()),
		first,
		seq: 1,
		orgOf: () => null,
		fetch: (address) =>
			isDown ? Promise.resolve(new Response(null, { status: 503 })) : fetchFrom(board)(address as string)
	});
	await list.loadMore();
	await list.catchUp(9, false);
	expect([list.hasFailed, list.isBehind, list.hasMore]).toEqual([true, true, true]);
	isDown = false;
	await list.loadMore();
	await list.catchUp(9, false);
	expect([list.hasFailed, list.isBehind]).toEqual([false, false]);
	expect(shownIn(list).length).toBeGreaterThan(5);
});
