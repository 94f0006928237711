import { type CompiledQuery, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setTitle } from '#doc/mutators.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { hashOf } from '#server/journal/entry.ts';
import type { Step } from './edits.ts';
import { play } from './play.ts';
import type { WrittenBoard } from './written-board.ts';

let connection: Connection;
let board: WrittenBoard;
let last: number;

beforeEach(async () => {
	connection = await openDatabase('sqlite::memory:');
	const rename = (title: string): Step => ({ do: 'edit', by: 'mei', write: (doc) => setTitle(doc, title) });
	board = await play(connection.db, ['一', '二', '三', '四'].map(rename));
	last = (await board.journal.head(board.id)).seq;
});
afterEach(() => connection.db.destroy());

const run = (query: { compile(db: Connection['db']): CompiledQuery }) =>
	connection.db.executeQuery(query.compile(connection.db));

/** Does to the journal what its triggers forbid, as somebody with the file in hand can. */
async function tamper(query: ReturnType<typeof sql>): Promise<void> {
	await run(sql`drop trigger journal_no_update`);
	await run(sql`drop trigger journal_no_delete`);
	await run(query);
}
const bad = (seq: number) => expect.objectContaining({ ok: false, firstBadSeq: seq });

test('a journal as it was written is sound', async () => {
	expect(await board.journal.verify(board.id)).toEqual({ ok: true, entries: last, firstBadSeq: null });
});

test('the database itself refuses to change or delete an entry', async () => {
	await expect(run(sql`update journal set actor_id = 'bo'`)).rejects.toThrow('append-only');
	await expect(run(sql`delete from journal`)).rejects.toThrow('append-only');
});

describe('an entry is found that', () => {
	test.each([
		['has another author', sql`update journal set actor_id = 'bo' where seq = 3`],
		['has another time', sql`update journal set received_at = '2020-01-01T00:00:00.000Z' where seq = 3`],
		['has another session', sql`update journal set session_id = 'x' where seq = 3`],
		['has other content', sql`update journal set update_bytes = x'0000' where seq = 3`],
		['has another epoch', sql`update journal set epoch = 9 where seq = 3`],
		['has another hash', sql`update journal set hash = ${'0'.repeat(64)} where seq = 3`],
		['follows another', sql`update journal set prev_hash = ${'0'.repeat(64)} where seq = 3`],
		['is missing', sql`delete from journal where seq = 3`]
	])('%s', async (_, query) => {
		await tamper(query);
		expect(await board.journal.verify(board.id)).toEqual(bad(3));
	});

	test('has another author and a hash that fits it: the next one does not fit', async () => {
		let third;
		for await (const entry of board.journal.entries(board.id)) if (entry.seq === 3) third = entry;
		const hash = hashOf({ ...third!, actorId: 'bo' });
		await tamper(sql`update journal set actor_id = 'bo', hash = ${hash} where seq = 3`);
		expect(await board.journal.verify(board.id)).toEqual(bad(4));
	});
});

test('a journal cut off at its end is found by what was made from it', async () => {
	await tamper(sql`delete from journal where seq = ${last}`);
	expect(await board.journal.verify(board.id)).toEqual(bad(last));
	await run(sql`delete from change where seq = ${last}`);
	expect(await board.journal.verify(board.id)).toMatchObject({ ok: true, entries: last - 1 });
});

test('a journal that grows meanwhile is sound', async () => {
	const rename = (title: string) => board.edit('mei', (doc) => setTitle(doc, title));
	for (let count = 0; count < 20; count++) {
		const walk = board.journal.verify(board.id);
		rename(`五${count}`);
		await board.commit();
		expect(await walk).toMatchObject({ ok: true });
	}
});

test('beginning with another entry than the first', async () => {
	await tamper(sql`delete from journal where seq = 1`);
	expect(await board.journal.verify(board.id)).toEqual(bad(1));
});
