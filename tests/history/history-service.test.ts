import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordedChange } from '#domain/change.ts';
import { setEntry, setField } from '#doc/mutators.ts';
import type { Services } from '#server/app.ts';
import type { Connection } from '#server/database/connect.ts';
import { SessionEnds } from '#server/history/session-ends.ts';
import { createLog } from '#server/log.ts';
import { listChanges } from '#server/history/change-list.repository.ts';
import type { HistoryParameters, ToldChange } from '#server/history/history.service.ts';
import { evidence, session, type Step } from './edits.ts';
import { play } from './play.ts';
import { addPerson, openServices } from './services.ts';
import { inJournalOrder, type WrittenBoard } from './written-board.ts';

const KUNMING = 'org-km-fagaiwei';
const YUXI = 'org-yx-zhengfu';
let services: Services;
let connection: Connection;
let ids: Record<string, string>;
let board: WrittenBoard;
let rows: RecordedChange[];

beforeAll(async () => {
	({ services, connection } = await openServices());
	ids = {
		mei: await addPerson(services, '李梅', KUNMING),
		bo: await addPerson(services, '王波', YUXI),
		lan: await addPerson(services, '赵兰', KUNMING)
	};
	const asThem = (step: Step): Step => (step.do === 'edit' ? { ...step, by: ids[step.by]! } : step);
	const steps = fc.sample(session, { seed: 4, numRuns: 60 }).flat().map(asThem);
	await play(connection.db, fc.sample(session, { seed: 5, numRuns: 1 }).flat()); // somebody else's board
	board = await play(connection.db, steps);
	rows = await board.rows();
	expect(rows.length).toBeGreaterThan(120);
}, 60_000);
afterAll(() => connection.db.destroy());

/** All pages of a request, one after the other. */
async function pagesOf(parameters: HistoryParameters): Promise<ToldChange[][]> {
	const pages: ToldChange[][] = [];
	for (let after: string | null = ''; after !== null;) {
		const page = await services.history.list(board.id, { ...parameters, after });
		pages.push(page.changes);
		after = page.next;
	}
	return pages;
}

const newestFirst = (a: RecordedChange, b: RecordedChange) => b.seq - a.seq || a.index - b.index;
const datedOf = ({ documentDate, at }: RecordedChange) => documentDate ?? at;
const newestDateFirst = (a: RecordedChange, b: RecordedChange) => {
	const [x, y] = [datedOf(a), datedOf(b)];
	return x === y ? newestFirst(a, b) : x < y ? 1 : -1;
};

describe('pages', () => {
	test.each([
		['entered', newestFirst],
		['dated', newestDateFirst]
	] as const)('on the clock "%s" they leave nothing out and tell nothing twice', async (order, sorting) => {
		for (const limit of [1, 7, 50, rows.length, 500]) {
			const pages = await pagesOf({ order, limit: String(limit) });
			expect(pages.flat()).toMatchObject([...rows].sort(sorting));
			expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
			expect(pages.at(-1)!.length).toBeGreaterThan(0);
		}
	});

	test('what is entered between two pages does not shift them', async () => {
		const before = [...(await board.rows())].sort(newestFirst);
		const first = await services.history.list(board.id, { limit: '20' });
		board.edit(ids.mei!, (doc) => setField(doc, { projectId: 'p0', field: 'subtype', value: '新' }));
		board.edit(ids.mei!, (doc) => setField(doc, { projectId: 'p1', field: 'subtype', value: '新' }));
		await board.commit();
		const second = await services.history.list(board.id, { limit: '20', after: first.next! });
		expect([...first.changes, ...second.changes]).toMatchObject(before.slice(0, 40));
		rows = await board.rows();
	});

	test('the next page of one clock is not one of the other', async () => {
		const { next } = await services.history.list(board.id, { limit: '1' });
		await expect(services.history.list(board.id, { order: 'dated', after: next! })).rejects.toMatchObject({
			code: 'bad-request'
		});
	});
});

describe('filters', () => {
	const filters: [string, () => HistoryParameters, (row: RecordedChange) => boolean][] = [
		['project', () => ({ project: 'p1' }), ({ projectId }) => projectId === 'p1'],
		['person', () => ({ actor: ids.bo! }), ({ actorId }) => actorId === ids.bo],
		['program', () => ({ actor: 'system' }), ({ actorId }) => actorId === 'system'],
		['organisation', () => ({ org: KUNMING }), ({ actorId }) => [ids.mei, ids.lan].includes(actorId)],
		[
			'person of an organisation',
			() => ({ org: KUNMING, actor: ids.lan! }),
			({ actorId }) => actorId === ids.lan
		],
		['person of another organisation', () => ({ org: YUXI, actor: ids.lan! }), () => false],
		[
			'projects and people',
			() => ({ project: 'p0,kunyu-tielu-kuoneng', actor: `${ids.mei},${ids.bo}` }),
			({ projectId, actorId }) =>
				['p0', 'kunyu-tielu-kuoneng'].includes(projectId ?? '') && [ids.mei, ids.bo].includes(actorId)
		],
		['field', () => ({ field: 'cities' }), ({ field }) => field === 'cities'],
		[
			'kinds',
			() => ({ kind: 'project-moved,notes-edited' }),
			({ kind }) => ['project-moved', 'notes-edited'].includes(kind)
		],
		['since', () => ({ since: middle() }), ({ at }) => at >= middle()],
		['until', () => ({ until: middle() }), ({ at }) => at < middle()],
		[
			'all at once',
			() => ({ project: 'p0', org: KUNMING, kind: 'field-set', until: middle() }),
			({ projectId, actorId, kind, at }) =>
				projectId === 'p0' &&
				actorId !== ids.bo &&
				actorId !== 'system' &&
				kind === 'field-set' &&
				at < middle()
		]
	];
	const middle = () => [...rows].map(({ at }) => at).sort()[Math.floor(rows.length / 2)]!;

	test.each(filters)('%s', async (name, parameters, isMeant) => {
		const meant = rows.filter(isMeant);
		expect((await pagesOf({ ...parameters(), limit: '9' })).flat().sort(inJournalOrder)).toMatchObject(meant);
		if (!name.includes('another')) expect(meant.length).toBeGreaterThan(0);
		expect(meant.length).toBeLessThan(rows.length);
	});

	test.each(['entered', 'dated'] as const)(
		'what no index leads to is found in stretches of any length, on the clock "%s"',
		async (order) => {
			const query = { order, limit: 6, since: { at: middle(), date: '2023' } };
			const whole = await listChanges(connection.db, board.id, { ...query, limit: 500 });
			expect(whole.length).toBeGreaterThan(20);
			for (const stretchRows of [1, 2, 9, 100, 10_000]) {
				const found: RecordedChange[] = [];
				for (let page; page === undefined || page.length === query.limit; found.push(...page)) {
					const last = found.at(-1);
					const after = last && { ...last, dated: datedOf(last) };
					page = await listChanges(connection.db, board.id, { ...query, after }, stretchRows);
				}
				expect(found).toEqual(whole);
			}
		}
	);

	test('any time takes in what bears it, also notes that were begun before, and whatever was done to the clock', async () => {
		const moments = [...new Set(rows.map(({ at }) => at))].sort();
		for (const [index, since] of moments.entries()) {
			const until = moments[index + 3];
			const time = until === undefined ? { since } : { since, until };
			const { changes } = await services.history.list(board.id, { ...time, limit: '500' });
			const meant = rows.filter(({ at }) => at >= since && (until === undefined || at < until));
			expect(changes.sort(inJournalOrder)).toMatchObject(meant);
		}
		expect(moments.length).toBeGreaterThan(10);
	});

	test('an organisation nobody knows is refused, a person or project nobody knows has done nothing', async () => {
		await expect(services.history.list(board.id, { org: 'org-x' })).rejects.toMatchObject({
			code: 'bad-request',
			path: ['org']
		});
		for (const parameters of [{ actor: 'nobody' }, { project: 'nothing' }, { field: 'caveat' }])
			expect(await services.history.list(board.id, parameters)).toEqual({ changes: [], next: null });
	});

	test('of a board that is not there there is nothing', async () => {
		expect(await services.history.list('no-board')).toEqual({ changes: [], next: null });
	});
});

describe('people', () => {
	test('are named as they are called now; the program has no name', async () => {
		const named = await services.history.list(board.id, { actor: ids.bo!, limit: '1' });
		expect(named.changes[0]!.actor).toEqual({
			id: ids.bo,
			name: '王波',
			org: services.portfolio.organisations.find(({ id }) => id === YUXI)!.nameZh,
			orgEn: services.portfolio.organisations.find(({ id }) => id === YUXI)!.nameEn
		});
		const own = await services.history.list(board.id, { actor: 'system', limit: '1' });
		expect(own.changes[0]!.actor).toEqual({ id: 'system', name: '', org: '', orgEn: '' });
	});

	test('everybody who ever changed the board', async () => {
		expect((await services.history.actors(board.id)).sort()).toEqual(
			[...Object.values(ids), 'system'].sort()
		);
	});
});

describe('evidence stands at its document’s date', () => {
	let dated: RecordedChange[];
	const listed = async (parameters: HistoryParameters) =>
		(
			await services.history.list(own.id, { order: 'dated', kind: 'evidence-added', ...parameters })
		).changes.map(({ documentDate }) => documentDate);
	let own: WrittenBoard;

	beforeAll(async () => {
		const write = (key: string, date: string): Step => ({
			do: 'edit',
			by: ids.mei!,
			write: (doc) => setEntry(doc, { projectId: 'p0', field: 'evidence', key, value: evidence(date) })
		});
		const dates = ['2023-07', '2024-05-20', '2014', '2023-07-01', '2023', '2024-05-21'];
		own = await play(
			connection.db,
			dates.map((date, index) => write(`d${index}`, date))
		);
		dated = (await services.history.list(own.id, { order: 'dated' })).changes;
	});

	test('newest first, the less exact of two at the same start last', async () => {
		expect(await listed({})).toEqual(['2024-05-21', '2024-05-20', '2023-07-01', '2023-07', '2023', '2014']);
	});

	test('among the changes of its day', () => {
		// entered at 08:00 UTC on 20 May 2024, which is the 20th in China
		const entered = dated.findIndex(({ kind }) => kind === 'project-added');
		const on = (date: string) => dated.findIndex(({ documentDate }) => documentDate === date);
		expect(on('2024-05-21')).toBeLessThan(entered);
		expect(on('2024-05-20')).toBeGreaterThan(entered);
	});

	test('a time range takes in what any of its days may be', async () => {
		expect(await listed({ since: '2023-07' })).toEqual([
			'2024-05-21',
			'2024-05-20',
			'2023-07-01',
			'2023-07',
			'2023'
		]);
		expect(await listed({ since: '2023-07-02', until: '2024-05-21' })).toEqual([
			'2024-05-20',
			'2023-07',
			'2023'
		]);
		expect(await listed({ until: '2023' })).toEqual(['2014']);
	});

	test('on the clock of the entries it stands where it was entered', async () => {
		const entered = await services.history.list(own.id, { kind: 'evidence-added' });
		expect(entered.changes.map(({ member }) => member)).toEqual(['d5', 'd4', 'd3', 'd2', 'd1', 'd0']);
		const all = await services.history.list(own.id, { kind: 'evidence-added', since: '2024-05-20' });
		expect(all.changes).toHaveLength(6);
	});
});

test('the last removal of each project, under its last name', async () => {
	const removals = await services.history.lastRemovals(board.id);
	for (const { projectId, seq } of removals) {
		const own = rows.filter((row) => row.projectId === projectId && row.kind === 'project-removed');
		expect(seq).toBe(own.at(-1)!.seq);
	}
	const removed = rows.filter(({ kind }) => kind === 'project-removed').map(({ projectId }) => projectId);
	expect(removals.map(({ projectId }) => projectId).sort()).toEqual([...new Set(removed)].sort());
});

test('rebuilding by the service leaves the rows as they are, before the end of a session is told and after', async () => {
	const begun = await board.rows();
	await services.history.rebuild(board.id);
	expect(await board.rows()).toEqual(begun);
	const told: RecordedChange[] = [];
	const tell = (id: string, rows: readonly RecordedChange[]) => void (id === board.id && told.push(...rows));
	const ends = new SessionEnds({ db: connection.db, journal: board.journal, tell, log: createLog('silent') });
	const later = new Date(Date.now() + 2 * 60 * 60_000).toISOString();
	for (let twice = 0; twice < 2; twice++) await ends.tellDue(later);
	expect(told).toMatchObject([{ kind: 'session-ended', index: -1, after: { people: expect.any(Array) } }]);
	const before = await board.rows();
	expect(before).toEqual(expect.arrayContaining([...begun, ...told]));
	await services.history.rebuild(board.id);
	expect(await board.rows()).toEqual(before);
	await expect(services.history.rebuild('no-board')).rejects.toMatchObject({ code: 'not-found' });
});
