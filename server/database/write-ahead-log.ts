import { fdatasync, fsync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const flushFile = promisify(fdatasync);
const flushFolder = promisify(fsync);

/** What makes the commits of a database file last. */
export interface CommitLog {
	/** Resolves when all that was committed before the call is on the disk. */
	flush(): Promise<void>;
	/** Resolves when no commit that a reader can see is still on its way to the disk. */
	settled(): Promise<void>;
	close(): Promise<void>;
}

/** Of a database in memory nothing is to last. */
export const NO_LOG: CommitLog = {
	flush: () => Promise.resolve(),
	settled: () => Promise.resolve(),
	close: () => Promise.resolve()
};

/**
 * SQLite's write-ahead log, flushed beside the program instead of within COMMIT, where the whole program would wait
 * for the disk. Commits that come while the disk is busy share the next flush.
 *
 * A flush that fails cannot be tried again: the system may have dropped what it did not write, and call the next one
 * a success. The program ends then, and finds in the file what is really there when it starts again.
 */
export class WriteAheadLog implements CommitLog {
	readonly #path: string;
	readonly #lost: (error: unknown) => void;
	#file: Promise<FileHandle> | undefined;
	#running: Promise<void> | undefined;
	#next: Promise<void> | undefined;

	/**
	 * @param path of the log, which is there with the first commit and stays the same file while the database is open
	 * @param lost ends the program
	 */
	constructor(path: string, lost: (error: unknown) => void = endProgram) {
		this.#path = path;
		this.#lost = lost;
	}

	flush(): Promise<void> {
		this.#next ??= this.#flushAfter(this.#running);
		return this.#next;
	}

	async settled(): Promise<void> {
		for (let last = this.#next ?? this.#running; last; last = this.#next ?? this.#running) await last;
	}

	/** What is running may have begun before the commit: only one that begins after it counts. */
	async #flushAfter(before: Promise<void> | undefined): Promise<void> {
		await before;
		this.#running = this.#next;
		this.#next = undefined;
		try {
			this.#file ??= openLog(this.#path);
			const { fd } = await this.#file;
			await flushFile(fd);
			this.#running = undefined;
		} catch (error) {
			this.#lost(error);
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.settled();
		await (await this.#file)?.close();
	}
}

/** Opens the log and makes its name last, which a new file's does not by itself. */
async function openLog(path: string): Promise<FileHandle> {
	const file = await open(path, 'r'); // to flush a file one need not be allowed to write it
	const folder = await open(dirname(path), 'r');
	try {
		await flushFolder(folder.fd);
	} finally {
		await folder.close();
	}
	return file;
}

function endProgram(cause: unknown): void {
	setImmediate(() => {
		throw new Error('the disk did not take what was committed', { cause });
	});
}
