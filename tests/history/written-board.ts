import { PassThrough } from 'node:stream';
import type { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { RecordedChange } from '#domain/change.ts';
import { atOnce } from '#doc/steps.ts';
import { isRefusal } from '#domain/refusal.ts';
import { loadPortfolio } from '#seeds/portfolio.ts';
import { insertBoard } from '#server/boards/board.repository.ts';
import { firstEntries } from '#server/boards/first-entries.ts';
import type { ImportedBoard } from '#server/boards/imported-board.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { fromRows } from '#server/history/change-row.ts';
import { findTerms } from '#server/history/change-terms.repository.ts';
import { Replay } from '#server/history/replay.ts';
import { GroupCommit } from '#server/journal/group-commit.ts';
import { Journal } from '#server/journal/journal.ts';
import { createLog } from '#server/log.ts';
import type { SyncDeps } from '#server/sync/deps.ts';
import { StatePacker } from '#server/sync/state-packer.ts';
import { SYNC_LIMITS } from '#server/sync/limits.ts';
import { Room } from '#server/sync/room.ts';
import { Session } from '#server/sync/session.ts';
import * as decoding from 'lib0/decoding';
import { decodeJson, MESSAGE } from '#protocol/message.ts';

const WS_OPEN = 1;
const portfolio = loadPortfolio();
/** One for all boards, as in the program: each has a thread, which takes longer to start than a board to be played. */
const packer = new StatePacker();
const library = new Set(portfolio.projects.map(({ id }) => id));
/** Whether the library of these boards has a project. */
export const isInLibrary = (projectId: string) => library.has(projectId);

/** Somebody at work on a board: their copy, and the updates of others that have not reached them yet. */
interface Desk {
	doc: Y.Doc;
	session: Session;
	inbox: Uint8Array[];
	messages: number;
}

/** The socket of a session that only keeps the change rows it is told. */
function listeningSocket(told: Map<string, RecordedChange>): WebSocket {
	const send = (frame: Uint8Array) => {
		const decoder = decoding.createDecoder(frame);
		if (decoding.readVarUint(decoder) !== MESSAGE.changes) return;
		for (const row of decodeJson<RecordedChange[]>(decoder)) told.set(`${row.seq}.${row.index}`, row);
	};
	return { readyState: WS_OPEN, bufferedAmount: 0, send, close() {} } as unknown as WebSocket;
}

/** Orders change rows as their entries were written. */
export const inJournalOrder = (a: RecordedChange, b: RecordedChange) => a.seq - b.seq || a.index - b.index;

/**
 * A board as the server runs it: a real room over a real journal, without the network. People edit their own copies,
 * their updates go into the room and from there to the others when `deliver` is called.
 */
export class WrittenBoard {
	readonly id: string;
	readonly journal: Journal;
	/** The last entry the board began with. */
	firstSeq = 0;
	/** The rows a page that listens would hold. */
	readonly told = new Map<string, RecordedChange>();
	readonly #db: DatabaseHandle;
	readonly #deps: SyncDeps;
	readonly #desks = new Map<string, Desk>();
	#room!: Room;
	#accepted: Uint8Array[] = [];
	#clients = 0;

	private constructor(db: DatabaseHandle, id: string) {
		this.id = id;
		this.#db = db;
		this.journal = new Journal(db);
		const limits = SYNC_LIMITS;
		const commits = new GroupCommit(this.journal);
		this.#deps = {
			journal: this.journal,
			commits,
			packer,
			limits,
			isInLibrary,
			log: createLog('silent')
		} as unknown as SyncDeps;
	}

	static async create(db: DatabaseHandle, id: string, content: ImportedBoard): Promise<WrittenBoard> {
		const board = new WrittenBoard(db, id);
		const at = new Date().toISOString();
		const layout = { id, title: '板', template: 'stages' as const, at, by: 'system' };
		await insertBoard(db, layout);
		await board.journal.commit(firstEntries(layout, { portfolio, content }));
		await board.reopen();
		board.firstSeq = (await board.journal.head(id)).seq;
		return board;
	}

	/** Lets the room go and opens it anew from the journal, as after a restart. */
	async reopen(): Promise<void> {
		if (this.#room) await this.commit();
		const { doc } = await this.journal.load(this.id);
		this.#accepted = [Y.encodeStateAsUpdate(doc)];
		const opened = await this.journal.open(this.id, { entries: 2_000, bytes: 1 << 20 });
		const owners = await this.journal.clientOwners(this.id);
		this.#room = new Room(this.id, { ...opened, owners }, this.#deps, () => {});
		const listener = this.#sessionOf('listener', listeningSocket(this.told));
		listener.greeted = true;
		this.#room.sessions.add(listener);
	}

	/** Stores the committed state, as the room does every few hundred entries. */
	async snapshot(): Promise<void> {
		await this.commit();
		await this.#room.takeSnapshot();
	}

	/** Somebody edits their own copy of the board; every transaction becomes one update to the server. */
	edit(userId: string, write: (doc: Y.Doc) => void): void {
		const desk = this.#desk(userId);
		const sent: Uint8Array[] = [];
		const onUpdate = (update: Uint8Array, origin: unknown) => origin !== 'remote' && sent.push(update);
		desk.doc.on('update', onUpdate);
		write(desk.doc);
		desk.doc.off('update', onUpdate);
		for (const update of sent) {
			if (!this.#send(userId, desk, update)) return;
		}
	}

	/** A refused update costs its writer their copy: they begin again with what the board holds. */
	#send(userId: string, desk: Desk, update: Uint8Array): boolean {
		try {
			atOnce(this.#room.receive(desk.session, update, ++desk.messages));
		} catch (error) {
			if (!isRefusal(error)) throw error;
			this.#desks.delete(userId);
			return false;
		}
		this.#accepted.push(update);
		for (const other of this.#desks.values()) if (other !== desk) other.inbox.push(update);
		return true;
	}

	/** Somebody's copy, to undo in it or to look at it. */
	docOf(userId: string): Y.Doc {
		return this.#desk(userId).doc;
	}

	#desk(userId: string): Desk {
		const known = this.#desks.get(userId);
		if (known) return known;
		const doc = new Y.Doc();
		doc.clientID = ++this.#clients; // a failing case must fail again
		for (const update of this.#accepted) Y.applyUpdate(doc, update, 'remote');
		const session = this.#sessionOf(userId, listeningSocket(new Map()));
		const desk: Desk = { doc, session, inbox: [], messages: 0 };
		this.#desks.set(userId, desk);
		return desk;
	}

	#sessionOf(userId: string, socket: WebSocket): Session {
		const actor = { userId, sessionId: `session-${userId}`, via: 'cookie' as const };
		const profile = { id: userId, name: userId, org: '', color: 0 };
		const address = '127.0.0.1';
		const who = { actor, address, profile, role: 'coordinator' as const, boardId: this.id };
		return new Session({ socket, wire: new PassThrough() }, who, SYNC_LIMITS);
	}

	/** Somebody receives what others did meanwhile. */
	deliver(userId: string): void {
		const desk = this.#desk(userId);
		for (const update of desk.inbox.splice(0)) Y.applyUpdate(desk.doc, update, 'remote');
	}

	/** Everybody receives everything. */
	deliverAll(): void {
		for (const userId of this.#desks.keys()) this.deliver(userId);
	}

	/** Waits until everything taken in is committed. */
	async commit(): Promise<void> {
		await this.#deps.commits.settle();
	}

	/** The change rows as they stand in the database, in the order of the journal. */
	async rows(): Promise<RecordedChange[]> {
		await this.commit();
		const { board } = await findTerms(this.#db, this.id);
		const rows = await this.#db
			.selectFrom('change')
			.selectAll()
			.where('board', '=', board)
			.orderBy('seq')
			.orderBy('index')
			.execute();
		return fromRows(this.#db, rows);
	}

	/** The change rows as the journal alone gives them, in its order. */
	async replayed(): Promise<readonly RecordedChange[]> {
		await this.commit();
		const replay = new Replay(isInLibrary);
		for await (const entry of this.journal.entries(this.id)) replay.take(entry);
		return replay.rows.toSorted(inJournalOrder);
	}
}
