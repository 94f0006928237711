import { createContext } from 'svelte';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Board, Project } from '#domain/board.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { Clash } from '#domain/clash.ts';
import type { CloseReason } from '#protocol/close-code.ts';
import type { Refused } from '#protocol/message.ts';
import { undoStep } from '#doc/undo-step.ts';
import { askEpoch, untilAnswered } from './ask-epoch.ts';
import { BoardSession } from './board-session.ts';
import type { Intent, PendingEdit } from './pending-edits.ts';
import { Presence, type UserShown } from './presence.svelte.ts';
import { OpenClashes } from './open-clashes.svelte.ts';
import { lostEdits } from './lost-edits.ts';
import { probeAccess } from './probe-access.ts';
import { Recovery } from './recovery.svelte.ts';
import { type RefusedEdit, RefusedEdits } from './refused-edits.svelte.ts';

export interface LiveBoardOptions {
	boardId: string;
	me: UserShown;
	/** What the server rendered: shown until the live board has arrived. */
	initial: Board;
	/** The clashes that were open then; absent = none of interest here. */
	clashes?: readonly Clash[];
	seq: number;
	epoch: number;
}

/** Where a person's edits are: with the server, on the way, kept here, or refused. */
export interface SaveState {
	kind: 'saved' | 'saving' | 'offline' | 'refused';
	/** Edits the server has not vouched for. */
	pending: number;
	/** Edits it did not accept. */
	refused: number;
}

type ChangesListener = (changes: RecordedChange[]) => void;

/** A board as one person's page shows and edits it, alive: their edits at once, everybody else's as they are committed. */
export class LiveBoard {
	readonly boardId: string;
	readonly presence: Presence;
	/** What the server did not accept, for this person to decide on. */
	readonly refused: RefusedEdits;
	/** What two people set at once, for somebody to decide on. */
	readonly clashes: OpenClashes;
	/** What copies of older epochs hold and the board does not, for this person to decide on. */
	readonly recovery: Recovery;
	#options: LiveBoardOptions;
	#listeners: readonly ChangesListener[] = [];
	#session = $state.raw<BoardSession>();
	#board = $state.raw() as Board;
	#isLoaded = $state(false);
	#isOnline = $state(false);
	/** The first connection has been made or has failed: from then on "offline" is the truth and not impatience. */
	#hasTried = $state(false);
	#pending = $state(0);
	#canUndo = $state(false);
	#canRedo = $state(false);
	#closedFor = $state<CloseReason>();
	/** Intents of the moments before the board arrived. */
	#early: Intent[] = [];
	/** Session in which old copies were looked for. */
	#searched: BoardSession | undefined;
	#isDestroyed = false;

	constructor(options: LiveBoardOptions) {
		this.boardId = options.boardId;
		this.#options = options;
		this.#board = options.initial;
		this.presence = new Presence(options.me);
		const of = { userId: options.me.id, boardId: options.boardId };
		this.refused = new RefusedEdits(of);
		this.clashes = new OpenClashes({ ...of, first: options.clashes ?? [] });
		this.recovery = new Recovery(of, this);
	}

	get board(): Board {
		return this.#board;
	}
	/** The document; undefined on the server and before `start`. After a refused edit it is another one. */
	get doc(): Y.Doc | undefined {
		return this.#session?.replica.doc;
	}
	get awareness(): Awareness | undefined {
		return this.#session?.replica.awareness;
	}
	/** Whether the document holds the board. */
	get isLoaded(): boolean {
		return this.#isLoaded;
	}
	/** Whether the line to the server is there and both sides are alike. */
	get isOnline(): boolean {
		return this.#isOnline;
	}
	get canUndo(): boolean {
		return this.#canUndo;
	}
	get canRedo(): boolean {
		return this.#canRedo;
	}
	/** Why the server ended the connection for good. */
	get closedFor(): CloseReason | undefined {
		return this.#closedFor;
	}

	readonly saveState: SaveState = $derived.by(() => {
		const counts = { pending: this.#pending, refused: this.refused.list.length };
		if (counts.refused > 0) return { kind: 'refused', ...counts };
		if (!this.#isOnline) return { kind: this.#hasTried ? 'offline' : 'saving', ...counts };
		return { kind: counts.pending > 0 ? 'saving' : 'saved', ...counts };
	});

	/** Begins to be live. */
	start(): void {
		this.refused.load();
		this.clashes.load();
		void this.#open();
	}

	async #open(): Promise<void> {
		const { boardId, me, seq, epoch } = this.#options;
		const session = new BoardSession(
			{ boardId, userId: me.id, seq, epoch },
			{
				onBoard: (board) => {
					if (session.replica.hasBoard) this.#board = board;
				},
				onUndoChange: () => this.#readUndo(),
				onLoaded: () => this.#onLoaded(),
				onPendingChange: (pending) => (this.#pending = pending),
				onLine: (isOnline) => this.#onLine(session, isOnline),
				onRefused: (refused) => void this.#onRefused(refused),
				onLost: (lost) => this.refused.add(lostEdits(lost)),
				onChanges: (changes) => {
					this.clashes.noteChanges(changes);
					this.#listeners.forEach((listener) => listener(changes));
				},
				onSettled: (settled) => this.clashes.noteSettled(settled),
				onEnded: (reason) => {
					if (reason === 'old-epoch') void this.#onOldEpoch();
					else this.#closedFor = reason;
				}
			}
		);
		this.#session = session;
		this.presence.attach(session.replica.awareness);
		await session.start();
	}

	#onLine(session: BoardSession, isOnline: boolean): void {
		this.#isOnline = isOnline;
		this.#hasTried = true;
		if (!isOnline || session === this.#searched || session !== this.#session) return;
		this.#searched = session;
		void this.recovery.begin(this.#options.epoch);
	}

	/**
	 * The board goes on with another document. What this browser has is kept aside, and looked at once the new one is
	 * there; until then the old picture stays on the screen.
	 */
	async #onOldEpoch(): Promise<void> {
		const { boardId, epoch } = this.#options;
		const answer = async () => (await askEpoch({ boardId, epoch })) ?? probeAccess(boardId);
		const fate = await untilAnswered(answer, () => !this.#isDestroyed);
		const old = this.#session;
		if (!old || fate === undefined || this.#isDestroyed) return;
		if (typeof fate === 'string') return void (this.#closedFor = fate);
		// not of an older epoch, but ahead of a journal whose end is gone
		const isCutOff = fate.epoch === epoch;
		if (!isCutOff) this.recovery.leave(epoch, old.leftBehind());
		else if (!(await this.recovery.leaveCutOff(old.leftBehind())))
			return void (this.#closedFor = 'old-epoch');
		if (this.#isDestroyed) return;
		this.#options = { ...this.#options, epoch: fate.epoch, seq: fate.seq };
		this.#isLoaded = false;
		this.presence.detach();
		if (isCutOff) old.erase();
		else old.destroy();
		await this.#open();
	}

	#onLoaded(): void {
		const session = this.#session;
		if (!session || this.#isLoaded) return;
		this.#isLoaded = true;
		this.#board = session.replica.mirror.board;
		for (const intent of this.#early.splice(0)) session.run(intent);
	}

	#readUndo(): void {
		this.#canUndo = this.#session?.replica.undo.canUndo() ?? false;
		this.#canRedo = this.#session?.replica.undo.canRedo() ?? false;
	}

	/**
	 * The server refused an edit: what it builds is in the document and cannot be taken out, so the document is made anew
	 * from the server's. Edits after the refused one are done again; the refused one is kept for its author.
	 */
	async #onRefused(refused: Refused): Promise<void> {
		const old = this.#session;
		if (!old) return;
		const { edits, earlier } = old.takePending();
		const { again, lost } = sortOut(edits, refused.count, earlier);
		const attempt = old.replica.mirror.board.projects.find(({ id }) => id === refused.path[1]);
		this.refused.add(lost.map((intent) => refusedEdit(refused, attempt, intent)));
		this.#isLoaded = false;
		this.#early.unshift(...again);
		this.presence.detach();
		old.erase();
		if (!this.#isDestroyed) await this.#open();
	}

	/** Tells what has just been committed, by whomever; returns how to stop listening. */
	onChanges(listener: ChangesListener): () => void {
		this.#listeners = [...this.#listeners, listener];
		return () => (this.#listeners = this.#listeners.filter((other) => other !== listener));
	}

	/**
	 * Does an edit: on the screen at once, on its way to the journal from here on.
	 * @throws {Refusal} of `src/domain/refusal.ts` if it breaks a rule of the document
	 */
	edit(intent: Intent): void {
		if (this.#isLoaded && this.#session) this.#session.run(intent);
		else this.#early.push(intent);
	}

	/** Takes one's own last edit back; false if there is none. */
	undo(): boolean {
		return this.#session !== undefined && undoStep(this.#session.replica.undo, 'undo');
	}

	redo(): boolean {
		return this.#session !== undefined && undoStep(this.#session.replica.undo, 'redo');
	}

	/** Lets edits of another origin, such as an editor's binding, be undone as one's own. */
	trackOrigin(origin: unknown): void {
		this.#session?.replica.undo.addTrackedOrigin(origin);
	}

	/** Does a refused edit once more, as a new one. */
	retry(edit: RefusedEdit): void {
		this.refused.remove(edit.id);
		if (edit.intent) this.edit(edit.intent);
	}

	destroy(): void {
		this.#isDestroyed = true;
		this.recovery.destroy();
		this.presence.detach();
		this.#session?.destroy();
		this.#session = undefined;
	}
}

/**
 * Which intents are done again after a refusal, and which are given back (undefined = one that cannot be done again).
 * Where several went in the refused message, each is tried once more by itself: only the bad one is refused again.
 */
function sortOut(edits: readonly PendingEdit[], refusedCount: number, earlier: number) {
	const suspects = edits.filter(({ count }) => count === refusedCount);
	const culprit = suspects.length === 1 && earlier === 0 ? suspects[0] : undefined;
	const again: Intent[] = [];
	const lost: (Intent | undefined)[] = earlier > 0 ? [undefined] : [];
	for (const edit of edits) {
		if (edit.intent && edit !== culprit) again.push(edit.intent);
		else lost.push(edit.intent);
	}
	return { again, lost };
}

function refusedEdit(
	{ code, path, message }: Refused,
	attempt: Project | undefined,
	intent: Intent | undefined
): RefusedEdit {
	const [id, at] = [crypto.randomUUID(), new Date().toISOString()];
	return { id, at, code, path, message, attempt, intent };
}

export const [getLiveBoard, setLiveBoard] = createContext<LiveBoard>();
