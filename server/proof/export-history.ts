import { createHash } from 'node:crypto';
import type { Entry } from '#server/journal/entry.ts';
import type { Journal } from '#server/journal/journal.ts';
import { encodeEntry, encodeRoot, EXPORT_FORMAT, type ExportHeader } from './export-lines.ts';
import type { RootService } from './root.service.ts';
import { type BoardHead, narrowRoot, type SignedRoot } from './signed-root.ts';

interface ExportParts {
	journal: Pick<Journal, 'heads' | 'readable'>;
	roots: Pick<RootService, 'list'>;
}

/**
 * The journals of boards with the signed roots that speak of them, as the lines of a file that can be checked without
 * this program's database. What is committed meanwhile is left out.
 * @param boardId the one board; absent = all, and then the roots are whole
 */
export async function* exportHistory(
	{ journal, roots }: ExportParts,
	{ boardId, exportedAt }: { boardId?: string | undefined; exportedAt: string }
): AsyncGenerator<string> {
	const digest = createHash('sha256');
	let lines = 0;
	const line = (text: string) => {
		digest.update(`${text}\n`);
		lines += 1;
		return `${text}\n`;
	};
	const signed = await roots.list(); // first: what they speak of is in the journals by now
	const boards = (await journal.heads()).filter((head) => boardId === undefined || head.boardId === boardId);
	yield line(headerOf(boards, exportedAt));
	for (const { name, root } of signed) {
		const shown = root && shownOf(root, boardId);
		if (shown) yield line(encodeRoot(name, shown));
	}
	for (const head of boards)
		for await (const entry of entriesUpTo(journal, head)) yield line(encodeEntry(entry));
	yield `${JSON.stringify({ end: { lines, sha256: digest.digest('hex') } })}\n`;
}

/** A board's entries up to one; what cannot be read is left out, and is found missing by whoever checks the export. */
async function* entriesUpTo(
	journal: ExportParts['journal'],
	{ boardId, seq: end }: { boardId: string; seq: number }
): AsyncGenerator<Entry> {
	for await (const entry of journal.readable(boardId)) {
		if (entry.seq > end) return;
		yield entry;
	}
}

type Heads = Awaited<ReturnType<Journal['heads']>>;

function headerOf(heads: Heads, exportedAt: string): string {
	const boards: BoardHead[] = heads.map(({ boardId, seq, hash }) => ({ board: boardId, seq, hash }));
	return JSON.stringify({ format: EXPORT_FORMAT, exportedAt, boards } satisfies ExportHeader);
}

function shownOf(root: SignedRoot, boardId: string | undefined): SignedRoot | undefined {
	return boardId === undefined ? root : narrowRoot(root, boardId);
}
