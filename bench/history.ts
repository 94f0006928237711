import { statSync } from 'node:fs';
import { sql } from 'kysely';
import { connect } from '../server/database/connect.ts';
import { query, startPostgres } from '../tests/support/postgres.ts';
import { temporaryDataDir } from '../tests/support/server-process.ts';
import { projectId } from './board-state.ts';
import { Histogram } from './histogram.ts';
import { fillBoard } from './large-board.ts';
import { startOurs, type Ours } from './ours.ts';
import { type Report, table } from './report.ts';

const BOARD = { projects: 10_000, edits: 1_000_000 };
const ROOM = 'history';
const MOMENTS = 60;
const COMPARISONS = 30;
const PAGES = 60;
const MB = 1e6;

/** A database to measure on, and how large it has become. */
interface Home {
	name: string;
	url: string;
	bytes(): Promise<number>;
	stop(): Promise<void>;
}

async function makeHomes(): Promise<Home[]> {
	const file = `${temporaryDataDir()}/tongchou.sqlite`;
	const postgres = await startPostgres();
	const url = await postgres.createDatabase();
	return [
		{
			name: 'SQLite',
			url: `sqlite:${file}`,
			bytes: () => Promise.resolve(statSync(file).size + statSync(`${file}-wal`).size),
			stop: () => Promise.resolve()
		},
		{
			name: 'PostgreSQL',
			url,
			async bytes() {
				const { rows } = await query(url, 'select pg_database_size(current_database()) as bytes');
				return Number((rows as { bytes: string }[])[0]!.bytes);
			},
			stop: () => postgres.stop()
		}
	];
}

/** How many entries a board has, and the bytes of their updates. */
async function journalOf(url: string): Promise<{ entries: number; updateBytes: number }> {
	const { db } = connect(url);
	try {
		const { rows } = await sql<{ entries: number; bytes: number }>`
			select count(*) as entries, sum(length(update_bytes)) as bytes from journal where board_id = ${ROOM}`.execute(
			db
		);
		return { entries: Number(rows[0]!.entries), updateBytes: Number(rows[0]!.bytes) };
	} finally {
		await db.destroy();
	}
}

async function times(count: number, ask: (index: number) => Promise<unknown>): Promise<Histogram> {
	const histogram = new Histogram();
	for (let index = 0; index < count; index++) {
		const startedAt = performance.now();
		await ask(index);
		histogram.add(performance.now() - startedAt);
	}
	return histogram;
}

/** Questions as the history page asks them, one after another. */
function pageOf(index: number): string {
	const project = `project=${projectId((index * 7_919) % BOARD.projects)}`;
	const filters = [
		'',
		project,
		'kind=field-set',
		'field=totalInvestmentYuan',
		'kind=project-added',
		`${project}&field=totalInvestmentYuan`
	];
	return `/api/boards/${ROOM}/changes?limit=50&${filters[index % filters.length]}`;
}

async function ask(ours: Ours, entries: number) {
	const seq = () => 1 + Math.floor(Math.random() * entries);
	const at = await times(MOMENTS, () => ours.get(`/api/boards/${ROOM}?at=${seq()}`));
	const compare = await times(COMPARISONS, () => {
		const [from, to] = [seq(), seq()].sort((a, b) => a - b) as [number, number];
		return ours.get(`/api/boards/${ROOM}/compare?from=${from}&to=${to}`);
	});
	const pages = await times(PAGES, (index) => ours.get(pageOf(index)));
	return { at: figuresOf(at), compare: figuresOf(compare), pages: figuresOf(pages) };
}

const figuresOf = (histogram: Histogram) => ({
	p50Ms: histogram.percentile(0.5),
	p95Ms: histogram.percentile(0.95)
});

async function measure(home: Home) {
	const ours = await startOurs({ hello: false, databaseUrl: home.url });
	try {
		await ours.makeRooms([ROOM]);
		const before = await home.bytes();
		await fillBoard(ours, ROOM, BOARD);
		const { entries, updateBytes } = await journalOf(home.url);
		const stored = (await home.bytes()) - before;
		return { name: home.name, entries, updateBytes, stored, ...(await ask(ours, entries)) };
	} finally {
		await ours.stop();
		await home.stop();
	}
}

/** Looking back on a board of 10,000 projects and a million edits, on both databases. */
export async function run(): Promise<Report> {
	const results = [];
	for (const home of await makeHomes()) results.push(await measure(home));
	const rows = results.map(({ name, entries, updateBytes, stored, at, compare, pages }) => [
		name,
		entries.toLocaleString('en'),
		(updateBytes / MB).toFixed(0),
		(stored / MB).toFixed(0),
		((stored - 1.5 * updateBytes) / entries).toFixed(0),
		...[at, compare, pages].map(({ p50Ms, p95Ms }) => `${p50Ms.toFixed(0)} / ${p95Ms.toFixed(0)}`)
	]);
	const head = [
		'database',
		'entries',
		'updates, MB',
		'stored, MB',
		'bytes an edit beyond 1.5 × its update',
		'any moment p50 / p95 ms',
		'compare p50 / p95 ms',
		'filtered page p50 / p95 ms'
	];
	return { name: 'history', text: table([head, ...rows]), figures: results };
}
