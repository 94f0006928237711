import { inflateSync } from 'node:zlib';
import * as Y from 'yjs';
import type { Board } from '#domain/board.ts';
import { readBoard } from '#doc/read-board.ts';
import { encodeHello, encodeSync, PROTOCOL_VERSION, SYNC } from '#protocol/message.ts';
import { type Credentials, type Heard, RawClient } from './raw-client.ts';
import { until } from './until.ts';

const REMOTE = 'server';

export interface PeerOptions {
	/** The copy of the board it has already. */
	doc?: Y.Doc;
	/** Says hello with this; null = says none, as the usual client. */
	hello?: { epoch: number; seq: number; mark?: string } | null;
}

/** A client as the protocol's page describes it: follows the board, sends its edits, counts acks and refusals. */
export class BoardPeer {
	readonly doc: Y.Doc;
	readonly raw: RawClient;
	/** Update-carrying messages sent on this connection, and how many of the first are committed. */
	sent = 0;
	acked = 0;
	isSynced = false;
	/** What the server last said the board is at. */
	at = { epoch: 0, seq: 0 };
	/** Up to where it has everything, as the last catch-up said. */
	holds = { seq: 0, mark: '' };
	#read = 0;
	readonly #onUpdate: (update: Uint8Array, origin: unknown) => void;

	private constructor(raw: RawClient, doc: Y.Doc) {
		this.raw = raw;
		this.doc = doc;
		this.#onUpdate = (update, origin) => {
			if (origin !== REMOTE) this.sendUpdate(update);
		};
		doc.on('update', this.#onUpdate);
		raw.socket.on('message', () => this.#readOn());
		raw.socket.on('close', () => doc.off('update', this.#onUpdate));
	}

	/** Opens a connection and begins as every client does; `synced` waits for the board. */
	static async open(
		app: { origin: string },
		board: string,
		credentials: Credentials,
		options: PeerOptions = {}
	): Promise<BoardPeer> {
		const raw = await RawClient.open(app, `/${board}`, credentials);
		const peer = new BoardPeer(raw, options.doc ?? new Y.Doc());
		const hello = options.hello === undefined ? { epoch: 0, seq: 0, mark: '' } : options.hello;
		if (hello) raw.send(encodeHello({ version: PROTOCOL_VERSION, ...hello }));
		raw.send(encodeSync(SYNC.step1, Y.encodeStateVector(peer.doc)));
		peer.#readOn();
		return peer;
	}

	/** Opens a connection and waits until it shows the board. */
	static async join(
		app: { origin: string },
		board: string,
		credentials: Credentials,
		options: PeerOptions = {}
	): Promise<BoardPeer> {
		const peer = await BoardPeer.open(app, board, credentials, options);
		await until('the board', () => peer.isSynced || peer.raw.closed);
		if (!peer.isSynced)
			throw new Error(`closed with ${JSON.stringify(peer.raw.closed)} before the board came`);
		return peer;
	}

	#readOn(): void {
		for (; this.#read < this.raw.heard.length; this.#read++) this.#hear(this.raw.heard[this.#read]!);
	}

	#hear(heard: Heard): void {
		switch (heard.type) {
			case 'step1':
				return this.#send(SYNC.step2, Y.encodeStateAsUpdate(this.doc, heard.stateVector));
			case 'step2':
			case 'update':
				Y.applyUpdate(this.doc, heard.update, REMOTE);
				if (heard.type === 'step2') this.isSynced = true;
				return;
			case 'hello':
				this.at = { epoch: heard.hello.epoch, seq: heard.hello.seq };
				return;
			case 'catchUp': {
				const { deflated, updates, seq, mark } = heard.catchUp;
				if (deflated) Y.applyUpdate(this.doc, inflateSync(deflated), REMOTE);
				for (const update of updates) Y.applyUpdate(this.doc, update, REMOTE);
				this.holds = { seq, mark };
				return;
			}
			case 'ack':
				this.acked = Math.max(this.acked, heard.ack.count);
				this.at.seq = Math.max(this.at.seq, heard.ack.seq);
				return;
		}
	}

	#send(kind: typeof SYNC.step2 | typeof SYNC.update, update: Uint8Array): void {
		this.sent += 1;
		this.raw.send(encodeSync(kind, update));
	}

	/** Sends an update as it is, whatever is in it; which update-carrying message it is. */
	sendUpdate(update: Uint8Array): number {
		this.#send(SYNC.update, update);
		return this.sent;
	}

	/** Edits the board; which update-carrying message brings it. */
	edit(change: (doc: Y.Doc) => void): number {
		this.doc.transact(() => change(this.doc));
		return this.sent;
	}

	/** Waits until everything sent so far is committed. */
	async saved(): Promise<void> {
		const { sent } = this;
		await until(`ack of ${sent}`, () => this.acked >= sent || this.raw.closed);
		if (this.acked < sent)
			throw new Error(`closed with ${JSON.stringify(this.raw.closed)} at ack ${this.acked} of ${sent}`);
	}

	/** The board as this client shows it. */
	get board(): Board {
		return readBoard(this.doc);
	}

	/** Name of a project as this client shows it. */
	nameOf(projectId: string): string | undefined {
		return this.board.projects.find(({ id }) => id === projectId)?.name;
	}

	/** Waits until this client shows a project under a name. */
	async shows(projectId: string, name: string): Promise<void> {
		await until(`${projectId} is called ${name}`, () => this.nameOf(projectId) === name);
	}

	/** Ends the connection without a word. */
	leave(): void {
		this.raw.terminate();
	}
}
