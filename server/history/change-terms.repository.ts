import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert-rows.ts';
import { isPostgres } from '#server/database/is-postgres.ts';

/** Numbers of a board's texts, those in use at least; where there are more, all are forgotten and looked up again. */
const KNOWN_MAX = 50_000;
/** No text has this number. */
const UNKNOWN = -1;

/** Texts of change rows by their numbers, and back, as far as they are known. */
class Dictionary {
	readonly #most: number;
	readonly #numbers = new Map<number, Map<string, number>>();
	readonly #texts = new Map<number, string>();
	constructor(most: number) {
		this.#most = most;
	}

	find(board: number, text: string): number | undefined {
		return this.#numbers.get(board)?.get(text);
	}

	textOf(id: number): string | undefined {
		return this.#texts.get(id);
	}

	keep({ id, board, text }: { id: number; board: number; text: string }): void {
		if (this.#texts.size >= this.#most) this.#forget();
		this.#texts.set(id, text);
		const own = this.#numbers.get(board) ?? new Map<string, number>();
		this.#numbers.set(board, own.set(text, id));
	}

	#forget(): void {
		this.#texts.clear();
		this.#numbers.clear();
	}
}

/** What is committed in each database: a number once given stays with its text. */
const committed = new WeakMap<object, Dictionary>();
/** What a transaction has added, all of it: it may be undone yet, and its numbers be given to other texts. */
const pending = new WeakMap<object, Dictionary>();

function dictionaryOf(owners: WeakMap<object, Dictionary>, owner: object, most: number): Dictionary {
	const dictionary = owners.get(owner) ?? new Dictionary(most);
	owners.set(owner, dictionary);
	return dictionary;
}
const committedIn = (db: Kysely<Database>) => dictionaryOf(committed, db.getExecutor().adapter, KNOWN_MAX);
const pendingIn = (trx: Transaction<Database>) => dictionaryOf(pending, trx, Infinity);

/** As the database gives it back: it keeps no half of a surrogate pair. */
const stored = (text: string) => text.toWellFormed();

/** Numbers of texts on one board. */
export interface Terms {
	/** That of the board's id. */
	board: number;
	/** Of one of the texts asked for; a number that no row has if there is none, 0 of null. */
	of(text: string | null): number;
}

/** Numbers of texts that a board's change rows may hold; nothing is added. */
export async function findTerms(
	db: Kysely<Database>,
	boardId: string,
	texts: Iterable<string> = []
): Promise<Terms> {
	const board = (await find(db, 0, [boardId])).get(stored(boardId)) ?? UNKNOWN;
	return termsOf(board, await find(db, board, texts));
}

/**
 * The same, for rows that are to be written: what is not there yet is added.
 * @param trx holds the lock of the board (`lockBoards`), so that nobody adds the same text beside it
 */
export async function keepTerms(
	trx: Transaction<Database>,
	boardId: string,
	texts: Iterable<string>
): Promise<Terms> {
	const board = (await findOrAdd(trx, 0, [boardId])).get(stored(boardId))!;
	return termsOf(board, await findOrAdd(trx, board, texts));
}

/** Texts of numbers that rows hold; null of 0. */
export async function readTerms(
	db: Kysely<Database>,
	ids: Iterable<number>
): Promise<(id: number) => string | null> {
	const texts = new Map<number, string>();
	const unknown: number[] = [];
	for (const id of new Set(ids)) {
		const text = pending.get(db)?.textOf(id) ?? committedIn(db).textOf(id);
		if (text !== undefined) texts.set(id, text);
		else if (id !== 0) unknown.push(id);
	}
	if (unknown.length > 0) {
		const rows = await db.selectFrom('change_term').selectAll().where('id', 'in', padded(unknown)).execute();
		for (const row of rows) {
			committedIn(db).keep(row);
			texts.set(row.id, row.text);
		}
	}
	return (id) => texts.get(id) ?? null;
}

function termsOf(board: number, numbers: ReadonlyMap<string, number>): Terms {
	return { board, of: (text) => (text === null ? 0 : (numbers.get(stored(text)) ?? UNKNOWN)) };
}

async function find(
	db: Kysely<Database>,
	board: number,
	texts: Iterable<string>
): Promise<Map<string, number>> {
	const found = new Map<string, number>();
	const unknown: string[] = [];
	for (const text of new Set(texts)) {
		const asked = stored(text);
		const id = pending.get(db)?.find(board, asked) ?? committedIn(db).find(board, asked);
		if (id === undefined) unknown.push(asked);
		else found.set(asked, id);
	}
	if (unknown.length === 0 || board === UNKNOWN) return found;
	for (const row of await listTerms(db, board, unknown)) {
		committedIn(db).keep(row); // what this transaction has added is pending, and never asked for
		found.set(row.text, row.id);
	}
	return found;
}

function listTerms(db: Kysely<Database>, board: number, texts: readonly string[]) {
	const asked = padded(texts);
	let select = db.selectFrom('change_term').selectAll().where('board', '=', board).where('text', 'in', asked);
	if (isPostgres(db)) {
		const hashes = asked.map((text) => sql<number>`hashtext(${text})`);
		select = select.where(sql<number>`hashtext(text)`, 'in', hashes);
	}
	return select.execute();
}

async function findOrAdd(
	trx: Transaction<Database>,
	board: number,
	texts: Iterable<string>
): Promise<Map<string, number>> {
	const asked = new Set(Array.from(texts, stored));
	const found = await find(trx, board, asked);
	const fresh = [...asked].filter((text) => !found.has(text));
	if (fresh.length === 0) return found;
	await insertRows(
		trx,
		'change_term',
		fresh.map((text) => ({ board, text }))
	);
	for (const row of await listTerms(trx, board, fresh)) {
		pendingIn(trx).keep(row);
		found.set(row.text, row.id);
	}
	return found;
}

/** A list made as long as the next power of two, so that a few statements serve for any number. */
function padded<Item>(list: readonly Item[]): Item[] {
	const length = 2 ** Math.ceil(Math.log2(list.length));
	return Array.from({ length }, (_, index) => list[index] ?? list[0]!);
}
