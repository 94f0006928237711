import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moveProject } from '#doc/mutators.ts';
import { BUCKETS_MAX } from '#domain/timeline.ts';
import type { Services } from '#server/app.ts';
import type { Connection } from '#server/database/connect.ts';
import { findSeqsAt } from '#server/journal/entry-times.ts';
import { startPostgresOrSay } from '../support/postgres.ts';
import { session, writeNotes } from './edits.ts';
import { play } from './play.ts';
import { openServices } from './services.ts';
import type { WrittenBoard } from './written-board.ts';

const postgres = await startPostgresOrSay();
afterAll(() => postgres?.stop());

const DATABASES: [name: string, url: () => Promise<string | undefined>][] = [
	['SQLite', () => Promise.resolve(undefined)],
	...(postgres ? [['PostgreSQL', () => postgres.createDatabase()] as (typeof DATABASES)[number]] : [])
];

describe.each(DATABASES)('the timeline on %s', (_name, urlOf) => {
	let services: Services;
	let connection: Connection;
	let board: WrittenBoard;

	beforeAll(async () => {
		({ services, connection } = await openServices(await urlOf()));
		board = await play(connection.db, fc.sample(session, { seed: 6, numRuns: 20 }).flat());
		expect((await services.journal.head(board.id)).seq).toBeGreaterThan(40);
	}, 60_000);
	afterAll(() => connection?.db.destroy());

	test('counts every entry once, in spans without gaps from the first entry to now', async () => {
		const { from, to, seq, buckets } = await services.history.timeline(board.id);
		expect(buckets.length).toBeLessThanOrEqual(BUCKETS_MAX);
		expect([buckets[0]!.start, buckets.at(-1)!.end]).toEqual([from, to]);
		for (const [index, bucket] of buckets.entries())
			expect(bucket.start).toBe(buckets[index - 1]?.end ?? from);
		expect(seq).toBe((await services.journal.head(board.id)).seq);
		expect(buckets.reduce((sum, { edits }) => sum + edits, 0)).toBe(seq);
		expect(buckets.at(-1)!.seq).toBe(seq);
	});

	test('names for each span the entry that the board ends with then', async () => {
		const { buckets } = await services.history.timeline(board.id);
		for (const { end, seq } of buckets.slice(0, -1))
			expect(await services.journal.seqAt(board.id, end)).toBe(seq);
	});

	test('finds at any moment an entry that had come, before one that had not', async () => {
		const times: string[] = [];
		for await (const { receivedAt } of board.journal.entries(board.id)) times.push(receivedAt);
		const { seq: head } = await services.journal.head(board.id);
		const beside = times.flatMap((at) => [-1, 0, 1].map((ms) => new Date(Date.parse(at) + ms).toISOString()));
		const moments = [...new Set(beside)];
		const found = await findSeqsAt(connection.db, board.id, { moments, head });
		expect(found).toHaveLength(moments.length);
		for (const [index, at] of moments.entries()) {
			const seq = found[index]!;
			// the clock of this board is set back now and then: where it was, more than one entry fits
			if (seq > 0) expect(times[seq - 1]! <= at).toBe(true);
			if (seq < head) expect(times[seq]! > at).toBe(true);
		}
		expect(found).toContain(0);
		expect(found).toContain(head);
	});

	test('who moved a project last is told as of then', async () => {
		const other = await play(connection.db, []);
		const move = async (userId: string, stageId: string) => {
			other.edit(userId, (doc) => moveProject(doc, { projectId: 'p0', stageId, index: 0 }));
			await other.commit();
			other.deliverAll();
		};
		await move('mei', 'planned');
		const { seq } = await services.journal.head(other.id);
		await move('bo', 'study');
		const moverBy = async (entry?: number) =>
			(await services.history.lastMoves(other.id, entry)).map(({ actorId }) => actorId);
		expect([await moverBy(seq - 1), await moverBy(seq), await moverBy()]).toEqual([[], ['mei'], ['bo']]);
	});

	test('the notes of a project are read as they were', async () => {
		const other = await play(connection.db, []);
		const write = async (line: string) => {
			other.edit('mei', (doc) => writeNotes(doc, 'p0', line));
			await other.commit();
		};
		await write('资金已经落实');
		const { seq } = await services.journal.head(other.id);
		await write('年内开工');
		const notesAt = async (at: number) =>
			JSON.stringify(await services.history.notesAt(other.id, 'p0', String(at)));
		expect(await notesAt(other.firstSeq)).toBe('[]');
		expect(await notesAt(seq)).toContain('资金已经落实');
		expect(await notesAt(seq)).not.toContain('年内开工');
		expect(await notesAt((await services.journal.head(other.id)).seq)).toContain('年内开工');
		await expect(services.history.notesAt(other.id, 'none', '1')).rejects.toMatchObject({
			code: 'not-found'
		});
	});
});
