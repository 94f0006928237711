import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Held } from '#lib/sync/kept-updates.ts';
import { PendingEdits } from '#lib/sync/pending-edits.ts';
import { Replica } from '#lib/sync/replica.ts';
import { SyncClient } from '#lib/sync/sync-client.ts';
import { headersFor } from './raw-client.ts';
import { BOARD, type SyncApp, type TestPerson } from './sync-app.ts';

/** One write of a tab, which a browser does entirely or not at all. */
type Write = { tab: BoardTab } & (
	{ update: Uint8Array; key?: string } | { forget: readonly string[] } | { held: Held }
);

/** What a browser keeps of a board for all its tabs, as a log of their writes: a crash takes the end of it away. */
export class BrowserStore {
	#writes: Write[] = [];

	write(write: Write): void {
		this.#writes.push(write);
	}

	/** The browser dies with its last writes not on disk. */
	loseLast(count: number): void {
		this.#writes.splice(Math.max(0, this.#writes.length - count));
	}

	/** One tab dies with its last writes not done; those of others are. */
	loseLastOf(tab: BoardTab, count: number): void {
		const lost = new Set(this.#writes.filter((write) => write.tab === tab).slice(-count || Infinity));
		this.#writes = this.#writes.filter((write) => !lost.has(write));
	}

	read() {
		const updates: Uint8Array[] = [];
		const unsent = new Map<string, Uint8Array>();
		let held: Held | undefined;
		for (const write of this.#writes) {
			if ('held' in write) held = (held?.seq ?? 0) < write.held.seq ? write.held : held;
			else if ('forget' in write) write.forget.forEach((key) => unsent.delete(key));
			else {
				updates.push(write.update);
				if (write.key !== undefined) unsent.set(write.key, write.update);
			}
		}
		return { updates, unsent, held };
	}
}

const KEPT = 'kept in the browser';

/** A tab with the board page's own sync client, on a real connection; only what the browser keeps is a log. */
export class BoardTab {
	readonly replica = new Replica({ onBoard: () => undefined, onUndoChange: () => undefined });
	readonly #app: SyncApp;
	readonly #person: TestPerson;
	readonly #store: BrowserStore;
	readonly #client: SyncClient;
	readonly #unsent: Map<string, Uint8Array>;
	readonly pending: PendingEdits;
	/** What the last hello named, and how many bytes of the board came since. */
	bytesReceived = 0;
	closeCode: number | undefined;
	#socket: WebSocket | undefined;
	static #made = 0;

	constructor(app: SyncApp, person: TestPerson, store: BrowserStore, epoch: number) {
		this.#app = app;
		this.#person = person;
		this.#store = store;
		const { updates, unsent, held } = store.read();
		this.replica.doc.transact(
			() => updates.forEach((update) => Y.applyUpdate(this.replica.doc, update)),
			KEPT
		);
		this.#unsent = unsent;
		this.pending = new PendingEdits(unsent.size, [...unsent.keys()]);
		const connection = { send: (frame: Uint8Array) => this.#send(frame), noteAccepted: () => undefined };
		const parts = {
			replica: this.replica,
			connection,
			pending: this.pending,
			epoch,
			seq: 0,
			keptOrigin: KEPT
		};
		const silent = () => undefined;
		const events = {
			onSynced: silent,
			onPendingChange: silent,
			onRefused: silent,
			onChanges: silent,
			onSettled: silent
		};
		this.#client = new SyncClient({ ...parts, kept: this.#kept(held) }, events);
	}

	#kept(held: Held | undefined) {
		const write = this.#store.write.bind(this.#store);
		return {
			held,
			unsent: this.#unsent,
			keep: (update: Uint8Array) => write({ tab: this, update }),
			keepUnsent: (update: Uint8Array) => {
				const key = `unsent/${++BoardTab.#made}`;
				this.#unsent.set(key, update);
				write({ tab: this, update, key });
				return key;
			},
			forgetUnsent: (keys: readonly string[]) => {
				for (const key of keys) this.#unsent.delete(key);
				write({ tab: this, forget: keys });
			},
			noteHeld: (now: Held) => write({ tab: this, held: now })
		};
	}

	#send(frame: Uint8Array): boolean {
		if (this.#socket?.readyState !== WebSocket.OPEN) return false;
		this.#socket.send(frame);
		return true;
	}

	get isSynced(): boolean {
		return this.#client.isSynced;
	}

	/** Goes on the line, if it is not. */
	connect(): void {
		if (this.#socket) return;
		const url = `${this.#app.origin.replace('http', 'ws')}/sync/${BOARD}`;
		const socket = new WebSocket(url, { headers: headersFor(this.#person) });
		this.#socket = socket;
		socket.binaryType = 'nodebuffer';
		socket.on('open', () => this.#client.opened());
		socket.on('message', (data: Buffer) => {
			this.bytesReceived += data.byteLength;
			if (this.#socket === socket) this.#client.receive(new Uint8Array(data));
		});
		socket.on('close', (code) => {
			this.closeCode = code;
			if (this.#socket === socket) this.disconnect();
		});
		socket.on('error', () => undefined);
	}

	/** The line is lost. */
	disconnect(): void {
		const socket = this.#socket;
		if (!socket) return;
		this.#socket = undefined;
		socket.terminate();
		this.#client.lost();
	}

	edit(intent: (doc: Y.Doc, origin: unknown) => void): void {
		this.#client.run(intent);
	}

	/** The tab is gone, without a word. */
	die(): void {
		this.disconnect();
		this.#client.destroy();
		this.replica.destroy();
	}
}
