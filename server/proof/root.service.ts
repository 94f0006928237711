import { isDeepStrictEqual } from 'node:util';
import { dayInChina } from '#domain/dates.ts';
import type { Journal } from '#server/journal/journal.ts';
import { type RootFile, RootFiles } from './root-files.ts';
import {
	type BoardHead,
	byBoard,
	findRootProblem,
	narrowRoot,
	type RootProblem,
	signRoot,
	type SignedRoot
} from './signed-root.ts';
import { parsePublicKeys, readOrCreateSigningKey, readPublicKeys } from './signing-key.ts';

export type { RootProblem, SignedRoot } from './signed-root.ts';

/** A root with the name of its file, and why it proves nothing, if it does not. */
export type CheckedRoot = RootFile & { problem: RootProblem | null };

/** Signed roots over all boards, kept outside of the database so that they can be lodged elsewhere. */
export class RootService {
	readonly #journal: Pick<Journal, 'heads'>;
	readonly #dataDir: string;
	readonly #files: RootFiles;
	constructor({ journal, dataDir }: { journal: Pick<Journal, 'heads'>; dataDir: string }) {
		this.#journal = journal;
		this.#dataDir = dataDir;
		this.#files = new RootFiles(dataDir);
	}

	async #sign(now: Date): Promise<SignedRoot> {
		const at = now.toISOString();
		const key = await readOrCreateSigningKey(this.#dataDir);
		return signRoot(headsOf(await this.#journal.heads()), { day: dayInChina(at), at, key });
	}

	/** Writes the root of a day, if it has none. @returns the file's name @throws what the disk or the database says */
	async writeDaily(now: Date): Promise<string | undefined> {
		const name = `${dayInChina(now.toISOString())}.json`;
		if (await this.#files.has(name)) return undefined;
		return this.#files.addDaily(await this.#sign(now));
	}

	/** Writes a root of this moment. @throws what the disk or the database says */
	async write(now = new Date()): Promise<{ name: string; root: SignedRoot }> {
		const root = await this.#sign(now);
		return { name: await this.#files.add(root), root };
	}

	/**
	 * Writes a root if anything was committed since the newest one, so that all of it is covered.
	 * @returns the file's name, and why none could be written, if so
	 */
	async writeIfMoved(): Promise<{ root: string | null; problem?: string }> {
		try {
			const newest = (await this.list()).findLast(({ problem }) => problem === null);
			const heads = headsOf(await this.#journal.heads());
			if (newest?.root && isDeepStrictEqual(newest.root.boards, heads)) return { root: newest.name };
			return { root: (await this.write()).name };
		} catch (error) {
			return { root: null, problem: error instanceof Error ? error.message : String(error) };
		}
	}

	/** Where the file of a root stands. */
	pathOf(name: string): string {
		return this.#files.pathOf(name);
	}

	/** All roots as they were written, each checked. */
	async list(): Promise<CheckedRoot[]> {
		const keys = parsePublicKeys(await this.publicKeys());
		return (await this.#files.list()).map(({ name, root }) => ({
			name,
			root,
			problem: root ? findRootProblem(root, keys) : 'unreadable'
		}));
	}

	/** All roots that speak of a board, each as far as it does. */
	async listOf(boardId: string): Promise<{ name: string; root: SignedRoot }[]> {
		return (await this.#files.list()).flatMap(({ name, root: whole }) => {
			const root = whole && narrowRoot(whole, boardId);
			return root ? [{ name, root }] : [];
		});
	}

	/** The public keys in PEM, the present one last; empty before the first root. */
	publicKeys(): Promise<string> {
		return readPublicKeys(this.#dataDir);
	}
}

/** Ordered as a root orders them. */
function headsOf(heads: Awaited<ReturnType<Journal['heads']>>): BoardHead[] {
	return heads.map(({ boardId, seq, hash }) => ({ board: boardId, seq, hash })).sort(byBoard);
}
