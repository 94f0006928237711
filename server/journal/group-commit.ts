import type { RecordedChange } from '#domain/change.ts';
import type { PendingEntry } from './entry.ts';
import type { Journal } from './journal.ts';

/** When a window of entries is committed: after so long, or with so many entries or bytes, whatever comes first. */
export interface CommitWindow {
	ms: number;
	entries: number;
	bytes: number;
}
export const COMMIT_WINDOW: CommitWindow = { ms: 3, entries: 500, bytes: 4 << 20 };

/** What a room hears of its entries: committed with their change rows, or not. */
export interface CommitListener {
	committed(entries: PendingEntry[], changes: RecordedChange[]): void;
	failed(error: unknown): void;
}

/**
 * Gathers entries of all rooms and commits each window in one transaction, in the order they came.
 * While one window is being written the next one fills.
 */
export class GroupCommit {
	readonly #journal: Pick<Journal, 'commit'>;
	readonly #window: CommitWindow;
	#waiting: { entry: PendingEntry; listener: CommitListener }[] = [];
	#waitingBytes = 0;
	#timer: NodeJS.Timeout | undefined;
	#writing: Promise<void> = Promise.resolve();
	#busy = false;

	constructor(journal: Pick<Journal, 'commit'>, window: CommitWindow = COMMIT_WINDOW) {
		this.#journal = journal;
		this.#window = window;
	}

	/** Takes an entry into the open window; `listener` hears how it went. */
	append(entry: PendingEntry, listener: CommitListener): void {
		this.#waiting.push({ entry, listener });
		this.#waitingBytes += entry.update.byteLength;
		const isFull = this.#waiting.length >= this.#window.entries || this.#waitingBytes >= this.#window.bytes;
		if (isFull) this.#start();
		else this.#timer ??= setTimeout(() => this.#start(), this.#window.ms);
	}

	/** Commits what waits and resolves when nothing is on its way any more. */
	async settle(): Promise<void> {
		this.#start();
		while (this.#busy || this.#waiting.length > 0) {
			await this.#writing;
			this.#start();
		}
	}

	#start(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#busy || this.#waiting.length === 0) return;
		this.#busy = true;
		const window = this.#waiting;
		this.#waiting = [];
		this.#waitingBytes = 0;
		this.#writing = this.#write(window).finally(() => {
			this.#busy = false;
			if (this.#waiting.length > 0) this.#start();
		});
	}

	async #write(window: { entry: PendingEntry; listener: CommitListener }[]): Promise<void> {
		const rooms = Map.groupBy(window, ({ listener }) => listener);
		try {
			const changes = await this.#journal.commit(window.map(({ entry }) => entry));
			for (const [listener, own] of rooms)
				this.#tell(
					listener,
					own.map(({ entry }) => entry),
					changes
				);
		} catch (error) {
			if (rooms.size === 1) this.#fail([...rooms.keys()][0]!, error);
			// one board's failure must not be another's: each board once more by itself
			else for (const own of rooms.values()) await this.#write(own);
		}
	}

	/** What came after a failed entry builds on it and must not be committed. */
	#fail(listener: CommitListener, error: unknown): void {
		this.#waiting = this.#waiting.filter((waiting) => waiting.listener !== listener);
		listener.failed(error);
	}

	#tell(listener: CommitListener, entries: PendingEntry[], changes: Map<string, RecordedChange[]>): void {
		listener.committed(entries, changes.get(entries[0]!.boardId) ?? []);
	}
}
