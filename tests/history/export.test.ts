import { createHash, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setTitle } from '#doc/mutators.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { hashOf } from '#server/journal/entry.ts';
import { checkExport } from '#server/proof/check-export.ts';
import { exportHistory } from '#server/proof/export-history.ts';
import { decodeLine, encodeEntry } from '#server/proof/export-lines.ts';
import { fileLines } from '#server/proof/file-lines.ts';
import { RootService } from '#server/proof/root.service.ts';
import { parsePublicKeys } from '#server/proof/signing-key.ts';
import { temporaryDataDir } from '../support/server-process.ts';
import { play } from './play.ts';
import { WrittenBoard } from './written-board.ts';

let connection: Connection;
let board: WrittenBoard;
let other: WrittenBoard;
let roots: RootService;
let keys: ReturnType<typeof parsePublicKeys>;
let last: number;
let whole: string;

const rename = (title: string) => board.edit('mei', (doc) => setTitle(doc, title));
const write = async (boardId?: string) => {
	const exportedAt = '2026-11-25T03:00:00.000Z';
	const lines = exportHistory({ journal: board.journal, roots }, { boardId, exportedAt });
	return (await Array.fromAsync(lines)).join('');
};
async function check(text: string | Uint8Array, lodged: { name: string; root: never }[] = []) {
	const bytes = Buffer.from(text as string);
	// in pieces that end anywhere, as a file is read
	const chunks = Array.from({ length: Math.ceil(bytes.length / 1_000) }, (_, n) =>
		bytes.subarray(n * 1_000, (n + 1) * 1_000)
	);
	async function* read() {
		yield* chunks;
	}
	return checkExport(fileLines(read()), { keys, lodged });
}
const linesOf = (text: string) => text.trimEnd().split('\n');
/** A file whose last line fits what stands before it, as somebody who knows the format makes it. */
function closed(lines: readonly string[]): string {
	const body = lines.map((line) => `${line}\n`).join('');
	const sha256 = createHash('sha256').update(body).digest('hex');
	return `${body}${JSON.stringify({ end: { lines: lines.length, sha256 } })}\n`;
}

beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
	board = await play(connection.db, []);
	other = await WrittenBoard.create(connection.db, 'other', { projects: [] });
	roots = new RootService({ journal: board.journal, dataDir: temporaryDataDir() });
	for (const title of ['一', '二', '三', '四']) rename(title);
	await board.commit();
	await roots.write();
	for (const title of ['五', '六']) rename(title);
	await board.commit();
	await roots.write();
	keys = parsePublicKeys(await roots.publicKeys());
	last = (await board.journal.head(board.id)).seq;
	whole = await write();
});
afterAll(() => connection.db.destroy());

test('an export is sound by itself and the public key, with all boards and all roots', async () => {
	const found = await check(whole);
	expect(found).toMatchObject({ ok: true, problem: null });
	expect(found.boards.map(({ board: id }) => id).sort()).toEqual([board.id, other.id].sort());
	expect(found.boards.find(({ board: id }) => id === board.id)).toMatchObject({
		entries: last,
		firstBadSeq: null,
		roots: 2,
		root: { seq: last }
	});
});

test('an export of one board says nothing of the others, and is as good', async () => {
	const one = await write(board.id);
	expect(one).not.toContain(`"${other.id}"`);
	expect(await check(one)).toMatchObject({ ok: true, boards: [{ board: board.id, root: { seq: last } }] });
});

test('entries that came after the newest root are sound, and told from those under it', async () => {
	rename('七');
	await board.commit();
	const found = await check(await write(board.id));
	expect(found.boards).toMatchObject([{ ok: true, entries: last + 1, root: { seq: last } }]);
});

test('any one byte that is another is found', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.nat(Buffer.byteLength(whole) - 1),
			fc.integer({ min: 1, max: 255 }),
			async (at, turn) => {
				const bytes = Buffer.from(whole);
				bytes[at]! ^= turn;
				expect((await check(bytes)).ok).toBe(false);
			}
		),
		{ numRuns: 300 }
	);
});

test('a torn file is told from a whole one, wherever it is torn', async () => {
	await fc.assert(
		fc.asyncProperty(fc.nat(Buffer.byteLength(whole) - 1), async (end) => {
			const found = await check(Buffer.from(whole).subarray(0, end));
			expect(found.ok).toBe(false);
		}),
		{ numRuns: 50 }
	);
	expect(await check(linesOf(whole).slice(0, -1).join('\n') + '\n')).toMatchObject({
		ok: false,
		problem: 'torn'
	});
	expect(await check(`${whole}{}\n`)).toMatchObject({ ok: false, problem: 'other-bytes' });
	for (const text of ['', 'x', '{}\n', '\n', '[]\n'])
		expect(await check(text)).toEqual({ ok: false, problem: 'no-export', boards: [] });
});

describe('somebody who makes the file anew, digest and all,', () => {
	const isEntry = (line: string, seq?: number) => {
		const read = decodeLine(line);
		return (
			read?.kind === 'entry' &&
			read.entry.boardId === board.id &&
			(seq === undefined || read.entry.seq === seq)
		);
	};
	const ofBoard = (found: Awaited<ReturnType<typeof check>>) =>
		found.boards.find(({ board: id }) => id === board.id);

	test('is found where a row is missing', async () => {
		for (let seq = 1; seq <= last; seq++) {
			const found = await check(
				closed(
					linesOf(whole)
						.slice(0, -1)
						.filter((line) => !isEntry(line, seq))
				)
			);
			expect(ofBoard(found)).toMatchObject({ ok: false, firstBadSeq: seq });
		}
	});

	test('is found where two rows are exchanged', async () => {
		const lines = linesOf(whole).slice(0, -1);
		const [one, two] = [2, 4].map((seq) => lines.findIndex((line) => isEntry(line, seq))) as [number, number];
		[lines[one], lines[two]] = [lines[two]!, lines[one]!];
		expect(ofBoard(await check(closed(lines)))).toMatchObject({
			ok: false,
			firstBadSeq: 2,
			cause: 'changed',
			causeSeq: 3,
			lost: [{ fromSeq: 2, toSeq: 3 }]
		});
	});

	test('is found where a line is none', async () => {
		const lines = linesOf(whole).slice(0, -1);
		lines[lines.findIndex((line) => isEntry(line, 3))] = '{"row":[]}';
		expect(ofBoard(await check(closed(lines)))).toMatchObject({
			ok: false,
			firstBadSeq: 3,
			cause: 'changed'
		});
	});

	/** The whole chain once more, from another third entry on, and the header to match. */
	function forged({ withRoots }: { withRoots: boolean }): string {
		let prevHash = '0'.repeat(64);
		const lines = linesOf(whole)
			.slice(0, -1)
			.filter((line) => withRoots || decodeLine(line)?.kind !== 'root')
			.map((line) => {
				const read = decodeLine(line);
				if (read?.kind !== 'entry' || !isEntry(line)) return line;
				const actorId = read.entry.seq === 3 ? 'somebody-else' : read.entry.actorId;
				const entry = { ...read.entry, actorId, prevHash };
				prevHash = hashOf(entry);
				return encodeEntry({ ...entry, hash: prevHash });
			});
		return closed(lines);
	}

	test('and computes every hash again, is found by the signed roots in the file', async () => {
		expect(ofBoard(await check(forged({ withRoots: true })))).toMatchObject({
			ok: false,
			cause: 'contradicted',
			firstBadSeq: last - 2,
			root: null,
			missedRoot: { seq: last - 2 }
		});
	});

	test('and leaves the roots out, by those that were lodged elsewhere', async () => {
		const text = forged({ withRoots: false });
		expect(ofBoard(await check(text))).toMatchObject({ ok: true, roots: 0, root: null });
		const lodged = (await roots.list()) as never;
		expect(ofBoard(await check(text, lodged))).toMatchObject({ ok: false, cause: 'contradicted' });
	});

	test('and cuts the end off, by the root that speaks of it', async () => {
		const lines = linesOf(whole).slice(0, -1);
		const header = JSON.parse(lines[0]!) as { boards: { board: string; seq: number }[] };
		header.boards.find(({ board: id }) => id === board.id)!.seq = last - 1;
		lines[0] = JSON.stringify(header);
		const found = await check(closed(lines.filter((line) => !isEntry(line, last))));
		expect(ofBoard(found)).toMatchObject({
			ok: false,
			cause: 'cut',
			firstBadSeq: last,
			missedRoot: { seq: last }
		});
	});

	test('and leaves a board out, by the root that speaks of it', async () => {
		const lines = linesOf(await write())
			.slice(0, -1)
			.filter((line) => !isEntry(line));
		const header = JSON.parse(lines[0]!) as { boards: { board: string }[] };
		lines[0] = JSON.stringify({
			...header,
			boards: header.boards.filter(({ board: id }) => id !== board.id)
		});
		expect(ofBoard(await check(closed(lines)))).toMatchObject({ ok: false, cause: 'cut', firstBadSeq: 1 });
	});

	test('and has another key, by the key', async () => {
		const pair = generateKeyPairSync('ed25519');
		const own = parsePublicKeys(pair.publicKey.export({ type: 'spki', format: 'pem' }).toString());
		async function* read() {
			yield Buffer.from(whole);
		}
		const found = await checkExport(fileLines(read()), { keys: own, lodged: [] });
		expect(found.ok).toBe(false);
		expect(found.boards[0]!.badRoots).toHaveLength(2);
		expect(found.boards[0]!.badRoots[0]).toMatchObject({ problem: 'unknown-key' });
	});
});
