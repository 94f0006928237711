import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { connect } from '../server/database/connect.ts';
import { Journal } from '../server/journal/journal.ts';
import { query, startPostgres } from '../tests/support/postgres.ts';
import { temporaryDataDir } from '../tests/support/server-process.ts';
import { projectId } from './board-state.ts';
import type { RunOptions } from './contenders.ts';
import { Histogram } from './histogram.ts';
import { LongHistory, momentOf, personId } from './long-history.ts';
import { startOurs, type Ours } from './ours.ts';
import { type Report, table } from './report.ts';

const FULL = { projects: 10_000, edits: 1_000_000 };
const ROOM = 'history';
const MOMENTS = 60;
const COMPARISONS = 30;
const PAGES = 150;
/** Somebody edits every other minute. */
const MONTH_ENTRIES = 21_600;
const MB = 1e6;

type Size = { projects: number; edits: number };
/** Bytes of each table with its indexes, the largest first. */
type Bytes = Record<string, number>;

/** A database to measure on, and how large it has become. */
interface Home {
	name: string;
	url: string;
	bytes(): Promise<Bytes>;
	/** Has what was freed counted as free. */
	tidy(): Promise<unknown>;
	stop(): Promise<void>;
}

const HOMES: Record<string, () => Promise<Home>> = {
	SQLite() {
		const file = `${temporaryDataDir()}/tongchou.sqlite`;
		return Promise.resolve({
			name: 'SQLite',
			url: `sqlite:${file}`,
			bytes: () => Promise.resolve(bytesInFile(file)),
			tidy: () => Promise.resolve(),
			stop: () => Promise.resolve()
		});
	},
	async PostgreSQL() {
		const postgres = await startPostgres();
		const url = await postgres.createDatabase();
		return {
			name: 'PostgreSQL',
			url,
			async bytes() {
				const { rows } = await query(
					url,
					`select relname as name,
						case relkind when 'r' then pg_table_size(oid) else pg_relation_size(oid) end as bytes
						from pg_class where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace order by 2 desc`
				);
				const sizes = rows as { name: string; bytes: string }[];
				return Object.fromEntries(sizes.map(({ name, bytes }) => [name, Number(bytes)]));
			},
			// the second is what PostgreSQL does by itself, some time later
			tidy: async () => {
				await query(url, 'vacuum full journal');
				await query(url, 'vacuum analyze change');
			},
			stop: () => postgres.stop()
		};
	}
};

/** Pages in use: what was freed is written over by what comes next. */
function bytesInFile(file: string): Bytes {
	const database = new DatabaseSync(file, { readOnly: true });
	const rows = database
		.prepare('select name, sum(pgsize) as bytes from dbstat group by 1 order by 2 desc')
		.all();
	database.close();
	return Object.fromEntries(rows.map(({ name, bytes }) => [String(name), Number(bytes)]));
}

const sumOf = (bytes: Bytes) => Object.values(bytes).reduce((sum, each) => sum + each, 0);

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
function pageOf(index: number, { projects, edits }: Size): string {
	const project = `project=${projectId((index * 7_919) % projects)}`;
	const actor = `actor=${personId(index % 20)}`;
	const seq = Math.floor((projects + edits) * ((index % 17) / 17));
	const month = `since=${momentOf(seq)}&until=${momentOf(seq + MONTH_ENTRIES)}`;
	const filters = [
		'',
		project,
		'kind=field-set',
		'field=totalInvestmentYuan',
		'field=nameEn',
		'kind=project-added',
		'kind=project-moved,member-added',
		`${project}&field=totalInvestmentYuan`,
		actor,
		`${actor}&kind=project-moved`,
		month,
		`${month}&${actor}`,
		'order=dated',
		`order=dated&${project}`,
		`order=dated&${month}`
	];
	return `/api/boards/${ROOM}/changes?limit=50&${filters[index % filters.length]}`;
}

async function ask(ours: Ours, entries: number, size: Size) {
	const seq = () => 1 + Math.floor(Math.random() * entries);
	const first = await times(1, () => ours.get(`/api/boards/${ROOM}?at=${Math.ceil(entries / 2)}`));
	const at = await times(MOMENTS, () => ours.get(`/api/boards/${ROOM}?at=${seq()}`));
	const compare = await times(COMPARISONS, () => {
		const [from, to] = [seq(), seq()].sort((a, b) => a - b) as [number, number];
		return ours.get(`/api/boards/${ROOM}/compare?from=${from}&to=${to}`);
	});
	const pages = await times(PAGES, (index) => ours.get(pageOf(index, size)));
	return {
		firstMs: first.percentile(1),
		at: figuresOf(at),
		compare: figuresOf(compare),
		pages: figuresOf(pages)
	};
}

const figuresOf = (histogram: Histogram) => ({
	p50Ms: histogram.percentile(0.5),
	p95Ms: histogram.percentile(0.95)
});

/** Fills the board while no server holds it. @returns processor time of one entry and of deriving its rows, in µs */
async function fill(home: Home, size: Size): Promise<{ usAnEntry: number; derivingUs: number }> {
	const { db } = connect(home.url);
	try {
		const history = await LongHistory.on(new Journal(db), ROOM);
		const startedAt = performance.now();
		await history.write(size);
		const count = size.projects + size.edits;
		const us = (ms: number) => (ms * 1_000) / count;
		return { usAnEntry: us(performance.now() - startedAt), derivingUs: us(history.derivingMs) };
	} finally {
		await db.destroy();
	}
}

async function measure(home: Home, size: Size) {
	let ours = await startOurs({ hello: false, databaseUrl: home.url });
	try {
		await ours.makeRooms([ROOM]);
		const before = sumOf(await home.bytes());
		await ours.pause();
		const filling = await fill(home, size);
		const { entries, updateBytes } = await journalOf(home.url);
		const unpacked = sumOf(await home.bytes()) - before;
		const packedAt = performance.now();
		await ours.command(['history', 'pack', '--board', ROOM]);
		const packingUs = ((performance.now() - packedAt) * 1_000) / entries;
		await home.tidy();
		const tables = await home.bytes();
		const stored = sumOf(tables) - before;
		ours = await ours.goOn();
		const asked = await ask(ours, entries, size);
		return {
			name: home.name,
			entries,
			updateBytes,
			unpacked,
			stored,
			tables,
			packingUs,
			...filling,
			...asked
		};
	} finally {
		await ours.stop();
		await home.stop();
	}
}

/** Looking back on a board of 10,000 projects and a million edits, on both databases or the one named. */
export async function run({ projects, edits, only }: RunOptions): Promise<Report> {
	const size = { projects: projects ?? FULL.projects, edits: edits ?? FULL.edits };
	const results = [];
	for (const [name, makeHome] of Object.entries(HOMES))
		if (only.length === 0 || only.includes(name)) results.push(await measure(await makeHome(), size));
	const rows = results.map(
		({
			name,
			entries,
			updateBytes,
			unpacked,
			stored,
			packingUs,
			usAnEntry,
			derivingUs,
			firstMs,
			at,
			compare,
			pages
		}) => [
			name,
			entries.toLocaleString('en'),
			(updateBytes / MB).toFixed(0),
			(unpacked / MB).toFixed(0),
			(stored / MB).toFixed(0),
			((stored - 1.5 * updateBytes) / entries).toFixed(0),
			`${usAnEntry.toFixed(0)} (${derivingUs.toFixed(0)}; ${packingUs.toFixed(0)})`,
			firstMs.toFixed(0),
			...[at, compare, pages].map(({ p50Ms, p95Ms }) => `${p50Ms.toFixed(0)} / ${p95Ms.toFixed(0)}`)
		]
	);
	const head = [
		'database',
		'entries',
		'updates, MB',
		'before packing, MB',
		'stored, MB',
		'bytes an edit beyond 1.5 × its update',
		'µs an entry (deriving; packing)',
		'first moment, ms',
		'any moment p50 / p95 ms',
		'compare p50 / p95 ms',
		'filtered page p50 / p95 ms'
	];
	return { name: 'history', text: table([head, ...rows]), figures: results };
}
