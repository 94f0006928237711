import { createHash } from 'node:crypto';
import { ChainCheck } from '#server/journal/chain-check.ts';
import { decodeLine, type ExportEnd, type ExportHeader, type ExportLine } from './export-lines.ts';
import { marksOf, type Proof, proofOf } from './proof.service.ts';
import type { CheckedRoot } from './root.service.ts';
import { findRootProblem, type PublicKeys, type SignedRoot } from './signed-root.ts';

/** Why a file as a whole is not what was exported. */
export type ExportProblem = 'no-export' | 'other-bytes' | 'torn';

/** What an export proves by itself and the public keys. */
export interface ExportFinding {
	ok: boolean;
	problem: ExportProblem | null;
	boards: ({ board: string } & Proof)[];
}

interface Witnesses {
	keys: PublicKeys;
	/** Roots that were kept elsewhere. */
	lodged: readonly { name: string; root: SignedRoot | undefined }[];
}

/** Checks an export line by line, without a database. @param lines of the file as bytes, with their newlines */
export async function checkExport(
	lines: AsyncIterable<Buffer>,
	witnesses: Witnesses
): Promise<ExportFinding> {
	const check = new ExportCheck(witnesses);
	for await (const line of lines) if (!check.take(line)) break;
	return check.finish();
}

class ExportCheck {
	readonly #keys: PublicKeys;
	readonly #roots: CheckedRoot[];
	readonly #digest = createHash('sha256');
	#lines = 0;
	#header: ExportHeader | undefined;
	/** Boards the header or a root in the file speaks of. */
	readonly #named = new Set<string>();
	#chains: Map<string, ChainCheck> | undefined;
	#end: ExportEnd | undefined;
	#problem: ExportProblem | undefined;

	constructor({ keys, lodged }: Witnesses) {
		this.#keys = keys;
		this.#roots = lodged.map(({ name, root }) => this.#checked(name, root));
	}

	#checked(name: string, root: SignedRoot | undefined): CheckedRoot {
		return { name, root, problem: root ? findRootProblem(root, this.#keys) : 'unreadable' };
	}

	/** @returns whether the file may hold more that counts */
	take(bytes: Buffer): boolean {
		const text = bytes.toString();
		const line = text.endsWith('\n') ? decodeLine(text.slice(0, -1)) : undefined;
		if (this.#end) this.#problem ??= 'other-bytes';
		else if (line?.kind === 'end') this.#close(line.end);
		else this.#read(line, bytes);
		return this.#problem !== 'no-export';
	}

	#close(end: ExportEnd): void {
		this.#end = end;
		const isWhole = end.lines === this.#lines && end.sha256 === this.#digest.digest('hex');
		if (!isWhole) this.#problem ??= 'other-bytes';
	}

	#read(line: ExportLine | undefined, bytes: Buffer): void {
		this.#digest.update(bytes);
		this.#lines += 1;
		if (this.#lines === 1) {
			if (line?.kind === 'header') this.#begin(line.header);
			else this.#problem = 'no-export';
		} else if (line?.kind === 'root' && !this.#chains) this.#takeRoot(line.name, line.root);
		else if (line?.kind === 'entry') this.#takeEntry(line.entry);
		else this.#breakOff();
	}

	#begin(header: ExportHeader): void {
		this.#header = header;
		for (const { board } of header.boards) this.#named.add(board);
	}

	#takeRoot(name: string, root: SignedRoot | undefined): void {
		this.#roots.push(this.#checked(name, root));
		for (const { board } of root?.boards ?? []) this.#named.add(board);
	}

	#takeEntry(entry: Parameters<ChainCheck['take']>[0]): void {
		const chain = this.#open().get(entry.boardId);
		// an entry of a board that is not in the file stands where the next one of the file should
		if (chain) chain.take(entry);
		else this.#breakOff();
	}

	/** A line that is none stands where the next entry of the first board that is not complete should. */
	#breakOff(): void {
		this.#problem ??= 'other-bytes';
		const chains = this.#open();
		const board = this.#header?.boards.find(({ board: id, seq }) => {
			const chain = chains.get(id);
			return chain !== undefined && !chain.isBroken && chain.seq < seq;
		});
		if (board) chains.get(board.board)?.breakOff();
	}

	/** The chain of each board; by the first entry all roots are read. */
	#open(): Map<string, ChainCheck> {
		this.#chains ??= new Map([...this.#named].map((id) => [id, new ChainCheck(marksOf(this.#roots, id))]));
		return this.#chains;
	}

	finish(): ExportFinding {
		if (!this.#end) this.#problem ??= this.#lines === 0 ? 'no-export' : 'torn';
		if (this.#problem === 'no-export') return { ok: false, problem: 'no-export', boards: [] };
		const boards = [...this.#open()].map(([board, chain]) => {
			const seq = this.#header?.boards.find((head) => head.board === board)?.seq ?? 0;
			return { board, ...proofOf(chain.finish(seq), this.#roots, board) };
		});
		const ok = this.#problem === undefined && boards.every((board) => board.ok);
		return { ok, problem: this.#problem ?? null, boards };
	}
}
