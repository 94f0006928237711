import type { ChainFinding, Mark } from '#server/journal/chain-check.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { CheckedRoot, RootProblem, RootService } from './root.service.ts';

/** A root as far as it speaks of one board. */
export interface RootSeen {
	/** Its file. */
	name: string;
	day: string;
	/** ISO 8601 UTC. */
	at: string;
	/** The board's last entry then. */
	seq: number;
}

/** What a check of a board's journal found: against itself, and against every signed root. */
export interface Proof extends Pick<
	ChainFinding,
	'ok' | 'entries' | 'firstBadSeq' | 'cause' | 'causeSeq' | 'lost' | 'at'
> {
	/** How many signed roots speak of the board. */
	roots: number;
	/** The newest root the journal agrees with; what came after its entry is not covered by any. */
	root: RootSeen | null;
	/** The first root it does not agree with: entry `causeSeq`, or one of those between the two roots. */
	missedRoot: RootSeen | null;
	/** Files of roots that prove nothing. */
	badRoots: { name: string; problem: RootProblem }[];
}

/** Says whether journals are what was written. */
export class ProofService {
	readonly #journal: Pick<Journal, 'check' | 'head'>;
	readonly #roots: Pick<RootService, 'list'>;
	readonly #underWay = new Map<string, Promise<Proof>>();
	constructor({
		journal,
		roots
	}: {
		journal: Pick<Journal, 'check' | 'head'>;
		roots: Pick<RootService, 'list'>;
	}) {
		this.#journal = journal;
		this.#roots = roots;
	}

	/** Walks the chain of a board's journal, once for all who ask meanwhile. @throws {Refusal} `not-found` */
	async verify(boardId: string): Promise<Proof> {
		await this.#journal.head(boardId);
		const underWay = this.#underWay.get(boardId);
		if (underWay) return underWay;
		const walk = this.#check(boardId).finally(() => this.#underWay.delete(boardId));
		this.#underWay.set(boardId, walk);
		return walk;
	}

	/**
	 * The same for several boards.
	 * @param isWhole these are all there are: those that are gone although a signed root speaks of them are told too
	 */
	async verifyAll(
		boardIds: readonly string[],
		{ isWhole }: { isWhole: boolean }
	): Promise<({ board: string } & Proof)[]> {
		const asked = new Set(boardIds);
		if (isWhole)
			for (const { root, problem } of await this.#roots.list())
				for (const { board } of (problem === null && root?.boards) || []) asked.add(board);
		const found = [];
		for (const board of asked) found.push({ board, ...(await this.#check(board)) });
		return found;
	}

	async #check(boardId: string): Promise<Proof> {
		const roots = await this.#roots.list(); // first: the journal grows meanwhile
		return proofOf(await this.#journal.check(boardId, marksOf(roots, boardId)), roots, boardId);
	}
}

/** What those of these roots that hold say of a board's journal. */
export function marksOf(roots: readonly CheckedRoot[], boardId: string): Mark[] {
	return seenIn(roots, boardId).map(({ name, seq, hash }) => ({ seq, hash, by: name }));
}

/** What a walk along a board's chain comes to beside these roots. */
export function proofOf(finding: ChainFinding, roots: readonly CheckedRoot[], boardId: string): Proof {
	const { ok, entries, firstBadSeq, cause, causeSeq, lost, at, agreed, missed } = finding;
	const seen = seenIn(roots, boardId);
	const badRoots = roots.flatMap(({ name, problem }) => (problem ? [{ name, problem }] : []));
	const rootOf = (mark: Mark | null) => shown(seen.find(({ name }) => name === mark?.by));
	return {
		ok: ok && badRoots.length === 0,
		entries,
		firstBadSeq,
		cause,
		causeSeq,
		lost,
		at,
		roots: seen.length,
		root: rootOf(agreed),
		missedRoot: rootOf(missed),
		badRoots
	};
}

function seenIn(roots: readonly CheckedRoot[], boardId: string): (RootSeen & { hash: string })[] {
	return roots.flatMap(({ name, root, problem }) => {
		const head = problem === null ? root?.boards.find(({ board }) => board === boardId) : undefined;
		return root && head ? [{ name, day: root.day, at: root.at, seq: head.seq, hash: head.hash }] : [];
	});
}

const shown = (root: RootSeen | undefined): RootSeen | null =>
	root ? { name: root.name, day: root.day, at: root.at, seq: root.seq } : null;
