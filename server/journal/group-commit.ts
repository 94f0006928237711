import type { RecordedChange } from '#domain/change.ts';
import { CommitPace } from './commit-pace.ts';
import type { PendingEntry } from './entry.ts';
import type { Journal } from './journal.ts';

/** When a window of entries is committed: after so long, or with so many entries or bytes, whatever comes first. */
export interface CommitWindow {
	ms: number;
	/** As long as this where the program hardly keeps up. */
	longestMs: number;
	entries: number;
	bytes: number;
}
export const COMMIT_WINDOW: CommitWindow = { ms: 3, longestMs: 30, entries: 2_000, bytes: 4 << 20 };
/** What may wait while the database does not keep up. */
const WAITING_MAX_BYTES = 64 << 20;
const WAITING_MAX_ENTRIES = 50_000;
/** A database that takes so long to say no says it to every board. */
const STALLED_MS = 1_000;

/** What a room hears of its entries: committed with their change rows, or not. */
export interface CommitListener {
	committed(entries: PendingEntry[], changes: RecordedChange[]): void;
	failed(error: unknown): void;
}

type Waiting = { entry: PendingEntry; listener: CommitListener };

/**
 * Gathers entries of all rooms and commits each window in one transaction, in the order they came.
 * While one window is being written the next one fills.
 */
export class GroupCommit {
	readonly #journal: Pick<Journal, 'commit'>;
	readonly #window: CommitWindow;
	#waiting: Waiting[] = [];
	#waitingBytes = 0;
	#timer: NodeJS.Timeout | undefined;
	#writing: Promise<void> = Promise.resolve();
	#busy = false;
	/** When the first of those that wait came. */
	#openedAt = 0;
	readonly #pace: Pick<CommitPace, 'next'>;

	constructor(
		journal: Pick<Journal, 'commit'>,
		window: CommitWindow = COMMIT_WINDOW,
		pace: Pick<CommitPace, 'next'> = new CommitPace(window)
	) {
		this.#journal = journal;
		this.#window = window;
		this.#pace = pace;
	}

	/** So much is waiting for the database that nothing more should be taken in. */
	get isFull(): boolean {
		return this.#waitingBytes > WAITING_MAX_BYTES || this.#waiting.length > WAITING_MAX_ENTRIES;
	}

	/** Takes an entry into the open window; `listener` hears how it went. */
	append(entry: PendingEntry, listener: CommitListener): void {
		if (this.#waiting.length === 0) this.#openedAt = performance.now();
		this.#waiting.push({ entry, listener });
		this.#waitingBytes += entry.update.byteLength;
		this.#schedule();
	}

	/** Starts writing at once if the window is full, else when it has lasted long enough. */
	#schedule(): void {
		if (this.#busy || this.#waiting.length === 0) return;
		const { entries, bytes } = this.#window;
		if (this.#waiting.length >= entries || this.#waitingBytes >= bytes) return this.#start();
		if (this.#timer) return;
		// those that came while the window before was written have waited already
		const waitMs = this.#pace.next() - (performance.now() - this.#openedAt);
		if (waitMs <= 0) this.#start();
		else this.#timer = setTimeout(() => this.#start(), waitMs);
	}

	/** Commits what waits and resolves when nothing is on its way any more. */
	async settle(): Promise<void> {
		this.#start();
		while (this.#busy || this.#waiting.length > 0) {
			await this.#writing;
			this.#start();
		}
	}

	/** Resolves when what is being written at this moment is written, or has failed. */
	written(): Promise<void> {
		return this.#writing;
	}

	#start(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#busy || this.#waiting.length === 0) return;
		this.#busy = true;
		this.#writing = this.#write(this.#takeWindow()).finally(() => {
			this.#busy = false;
			this.#schedule();
		});
	}

	/** Not all that waits: after a stall of the database one transaction, and one frame for all, would be too large. */
	#takeWindow(): Waiting[] {
		let bytes = 0;
		const isOver = ({ entry }: Waiting) => (bytes += entry.update.byteLength) > this.#window.bytes;
		const end = this.#waiting.slice(0, this.#window.entries).findIndex(isOver);
		const window = this.#waiting.splice(0, end === -1 ? this.#window.entries : Math.max(1, end));
		this.#waitingBytes -= bytesOf(window);
		return window;
	}

	async #write(window: Waiting[]): Promise<void> {
		const rooms = Map.groupBy(window, ({ listener }) => listener);
		const startedAt = performance.now();
		let changes: Map<string, RecordedChange[]>;
		try {
			changes = await this.#journal.commit(window.map(({ entry }) => entry));
		} catch (error) {
			const isStalled = performance.now() - startedAt > STALLED_MS;
			if (rooms.size === 1 || isStalled) return rooms.forEach((_, listener) => this.#fail(listener, error));
			// one board's failure must not be another's: each board once more by itself
			for (const own of rooms.values()) await this.#write(own);
			return;
		}
		for (const [listener, own] of rooms) {
			const entries = own.map(({ entry }) => entry);
			this.#tell(listener, entries, changes.get(entries[0]!.boardId) ?? []);
		}
	}

	/** What came after a failed entry builds on it and must not be committed. */
	#fail(listener: CommitListener, error: unknown): void {
		this.drop(listener);
		listener.failed(error);
	}

	/** The entries are committed, whatever becomes of the telling; a listener that breaks is not another's trouble. */
	#tell(listener: CommitListener, entries: PendingEntry[], changes: RecordedChange[]): void {
		try {
			listener.committed(entries, changes);
		} catch (error) {
			this.#fail(listener, error);
		}
	}

	/** Leaves out what a listener has waiting for the next window. */
	drop(listener: CommitListener): void {
		this.#waiting = this.#waiting.filter((waiting) => waiting.listener !== listener);
		this.#waitingBytes = bytesOf(this.#waiting);
	}
}

function bytesOf(waiting: readonly Waiting[]): number {
	return waiting.reduce((sum, { entry }) => sum + entry.update.byteLength, 0);
}
