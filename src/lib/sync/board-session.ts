import * as Y from 'yjs';
import type { Board } from '#domain/board.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { CloseReason } from '#protocol/close-code.ts';
import type { Refused, SettledClash } from '#protocol/message.ts';
import { Connection } from './connection.ts';
import { EditBaseKeeper, type LostEdits } from './edit-base.ts';
import type { LeftBehind } from './left-behind.ts';
import { LocalCopy } from './local-copy.ts';
import { type Intent, PendingEdits } from './pending-edits.ts';
import { probeAccess } from './probe-access.ts';
import { Replica } from './replica.ts';
import { syncAddress } from './sync-address.ts';
import { SyncClient } from './sync-client.ts';

export interface BoardSessionEvents {
	onBoard(board: Board): void;
	onUndoChange(): void;
	/** The replica holds a board: kept from before, or the server's. */
	onLoaded(): void;
	onPendingChange(pending: number): void;
	/** Whether the line is there and both sides are alike. */
	onLine(isOnline: boolean): void;
	onRefused(refused: Refused): void;
	/** Edits of this person went with a project that somebody else had removed. */
	onLost(lost: LostEdits): void;
	onChanges(changes: RecordedChange[]): void;
	onSettled(settled: SettledClash[]): void;
	onEnded(reason: CloseReason): void;
}

/** One replica from its first byte to its end: kept in the browser, on the line, with its edits on their way. */
export class BoardSession {
	readonly replica: Replica;
	readonly #of: { boardId: string; userId: string; seq: number; epoch: number };
	readonly #events: BoardSessionEvents;
	readonly #copy: LocalCopy;
	readonly #connection: Connection;
	readonly #base: EditBaseKeeper;
	#pending = new PendingEdits(0);
	#client: SyncClient | undefined;
	#isDestroyed = false;

	constructor(
		of: { boardId: string; userId: string; seq: number; epoch: number },
		events: BoardSessionEvents
	) {
		this.#of = of;
		this.#events = events;
		this.replica = new Replica(events);
		this.#copy = new LocalCopy(of, this.replica.doc);
		this.#base = new EditBaseKeeper(this.replica, {
			onChange: (base) => this.#copy.noteBase(base),
			onLost: events.onLost
		});
		this.#connection = new Connection(syncAddress(of.boardId), {
			onOpen: () => this.#client?.opened(),
			onFrame: (frame) => this.#client?.receive(frame),
			onLost: () => {
				this.#client?.lost();
				events.onLine(false);
			},
			onEnded: (reason) => events.onEnded(reason),
			probe: () => probeAccess(of.boardId)
		});
	}

	/** Brings in what is kept in the browser, then goes on the line. */
	async start(): Promise<void> {
		await this.#copy.load();
		if (this.#isDestroyed) return;
		const { kept, origin } = this.#copy;
		const earlier = this.#copy.takeEarlier();
		this.#pending = new PendingEdits(earlier.pending, [...kept.unsent.keys()]);
		this.#base.begin(earlier.base);
		this.#client = new SyncClient(
			{
				replica: this.replica,
				connection: this.#connection,
				pending: this.#pending,
				kept,
				keptOrigin: origin,
				...this.#of
			},
			{
				onSynced: () => this.#onSynced(),
				onPendingChange: () => this.#onPendingChange(),
				onRefused: this.#events.onRefused,
				onChanges: this.#events.onChanges,
				onSettled: this.#events.onSettled
			}
		);
		this.#onPendingChange();
		if (this.replica.hasBoard) this.#events.onLoaded();
		this.#connection.start();
	}

	#onSynced(): void {
		this.#events.onLoaded();
		this.#events.onLine(this.#client?.isSynced ?? false);
	}

	#onPendingChange(): void {
		this.#copy.notePending(this.#pending.size);
		if (this.#pending.size === 0) this.#base.clear();
		this.#events.onPendingChange(this.#pending.size);
		if (this.#client?.isSynced) this.#events.onLine(true);
	}

	run(intent: Intent): void {
		this.#client?.run(intent);
	}

	/** Takes out every edit the server has not vouched for. */
	takePending() {
		return this.#pending.takeAll();
	}

	/** What it holds when its epoch has ended: the kept copy stays as it is. */
	leftBehind(): LeftBehind {
		const doc = new Y.Doc();
		Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.replica.doc));
		return { doc, pending: this.#pending.size, base: this.#base.base };
	}

	/** Ends it and forgets what was kept in the browser. */
	erase(): void {
		this.#end();
		this.#copy.erase();
		this.replica.destroy();
	}

	destroy(): void {
		this.#end();
		this.#copy.close();
		this.replica.destroy();
	}

	#end(): void {
		this.#isDestroyed = true;
		this.#base.destroy();
		this.#client?.destroy();
		this.#connection.stop();
	}
}
