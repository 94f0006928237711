import type * as Y from 'yjs';
import {
	type BoardCopy,
	type BoardDifference,
	differenceKey,
	differencesNow
} from '#domain/board-differences.ts';
import type { Board } from '#domain/board.ts';
import { readCopy, readWithNotes } from '#doc/board-copy.ts';
import { stagesOf } from '#doc/schema.ts';
import { askEpoch } from './ask-epoch.ts';
import { exclusively } from './exclusively.ts';
import { type LeftBehind, readLeftBehind } from './left-behind.ts';
import { type CopiesOf, CUT_OFF, dropKept, listKeptEpochs, openKept, setAside } from './old-copies.ts';
import type { Intent } from './pending-edits.ts';
import { isOpen, type OpenList, reasonFor, RecoveryNotes, type RecoveryReason } from './recovery-notes.ts';
import { intentsFor, sortOut } from './sort-out-copy.ts';

/** Something a copy in this browser holds and the board does not, for its owner to decide on. */
export interface RecoveryItem {
	id: string;
	epoch: number;
	difference: BoardDifference;
	reason: RecoveryReason;
}

/** The board that things are brought into. */
export interface RecoveryHost {
	readonly board: Board;
	/** Of the session that is in step with the server. */
	readonly doc: Y.Doc | undefined;
	edit(intent: Intent): void;
}

/** A copy with something to decide on. */
interface OpenCopy {
	epoch: number;
	doc: Y.Doc;
	copy: BoardCopy;
	open: OpenList;
}

/**
 * What becomes of the copies of a board that belong to older epochs of it. Edits the server had not vouched for are done
 * again where that says the same; whatever else such a copy holds and the board does not is listed until its owner has
 * brought it in or discarded it, and only then is the copy deleted. One tab at a time works on it.
 */
export class Recovery {
	readonly #of: CopiesOf;
	readonly #host: RecoveryHost;
	readonly #notes: RecoveryNotes;
	readonly #lock: string;
	/** What this very tab held, which may be more than what is kept; by epoch. */
	readonly #left: Record<number, LeftBehind> = {};
	#copies = $state.raw<readonly OpenCopy[]>([]);

	constructor(of: CopiesOf, host: RecoveryHost) {
		this.#of = of;
		this.#host = host;
		this.#notes = new RecoveryNotes(of);
		this.#lock = `tongchou/${of.userId}/${of.boardId}/recovery`;
	}

	/** What is to be decided on, as the board is now. */
	readonly items: readonly RecoveryItem[] = $derived.by(() => {
		// the picture of the board says when to look at its document again
		const isThere = this.#copies.length > 0 && this.#host.board.stages.length > 0;
		const { doc } = this.#host;
		if (!isThere || !doc) return [];
		const board = readWithNotes(doc);
		return this.#copies.flatMap(({ epoch, copy, open }) =>
			differencesNow(board, copy, open).map((difference) => ({
				id: `${epoch}/${differenceKey(difference)}`,
				epoch,
				difference,
				reason: reasonFor(open, difference)
			}))
		);
	});

	/** Takes over what a session held whose epoch has ended. */
	leave(epoch: number, left: LeftBehind): void {
		this.#left[epoch] = left;
	}

	/**
	 * Takes over what a session held that is ahead of a journal whose end is gone, also for later visits.
	 * @returns false if it held nothing, or this browser keeps nothing: then it must stay where it is
	 */
	async leaveCutOff(left: LeftBehind): Promise<boolean> {
		const { doc } = left;
		if (!doc || stagesOf(doc).size === 0) return false;
		if (!(await setAside({ ...this.#of, epoch: CUT_OFF }, doc))) return false;
		this.#notes.forget(CUT_OFF);
		this.leave(CUT_OFF, left);
		return true;
	}

	/** Looks for copies of other epochs than this; the board is in step with the server. */
	async begin(current: number): Promise<void> {
		addEventListener('storage', this.#onStorage);
		await exclusively(this.#lock, async () => {
			const kept = await listKeptEpochs(this.#of);
			const left = Object.keys(this.#left).map(Number);
			for (const epoch of [...kept, ...left.filter((one) => !kept.includes(one))])
				if (epoch !== current) await this.#look(epoch);
		});
	}

	async #look(epoch: number): Promise<void> {
		const of = { ...this.#of, epoch };
		const left = this.#left[epoch];
		const known = this.#notes.read(epoch);
		if (known?.size === 0 && !left?.pending) return this.#close(epoch);
		const doc = await openKept(of, left?.doc);
		if (stagesOf(doc).size === 0) return this.#close(epoch);
		const copy = readCopy(doc);
		const isNews = !known || (left?.pending ?? 0) > 0;
		const open = isNews ? await this.#judge(of, { doc, copy, isKnown: known !== undefined }) : known;
		if (!open) return undefined; // the line has gone: at the next visit
		delete this.#left[epoch];
		return this.#show({ epoch, doc, copy, open });
	}

	/** Does again what can be, and notes the rest; undefined where the server does not answer. */
	async #judge(
		of: CopiesOf & { epoch: number },
		{ doc, copy, isKnown }: { doc: Y.Doc; copy: BoardCopy; isKnown: boolean }
	): Promise<OpenList | undefined> {
		const fate = of.epoch === CUT_OFF ? { isWhole: false } : await askEpoch(of);
		const host = this.#host.doc;
		if (!fate || !host) return undefined;
		const left = this.#left[of.epoch] ?? readLeftBehind(of);
		const { again, listed } = sortOut(host, copy, { ...left, isWhole: fate.isWhole || isKnown });
		for (const intent of intentsFor(doc, again)) this.#host.edit(intent);
		return this.#notes.add(of.epoch, listed);
	}

	/** Brings things in as edits of now. */
	async accept(items: readonly RecoveryItem[]): Promise<void> {
		await exclusively(this.#lock, async () => {
			for (const opened of this.#copies) {
				const open = this.#notes.read(opened.epoch) ?? opened.open;
				const own = items.filter(({ epoch }) => epoch === opened.epoch);
				// another tab may have been quicker
				const still = own
					.map(({ difference }) => difference)
					.filter((difference) => isOpen(open, difference));
				for (const intent of intentsFor(opened.doc, still)) this.#host.edit(intent);
				this.#show({ ...opened, open: this.#notes.settle(opened.epoch, still) });
			}
		});
	}

	/** Gives up all that is listed; the copies are deleted. */
	async discardAll(): Promise<void> {
		await exclusively(this.#lock, async () => this.#copies.forEach(({ epoch }) => this.#close(epoch)));
	}

	/** Gives up one thing; the rest of its copy stays. */
	async discard({ epoch, difference }: RecoveryItem): Promise<void> {
		await exclusively(this.#lock, async () => {
			const opened = this.#copies.find((other) => other.epoch === epoch);
			const host = this.#host.doc;
			if (!opened || !host) return;
			const open = this.#notes.read(epoch) ?? opened.open;
			const listed = differencesNow(readWithNotes(host), opened.copy, open);
			this.#show({ ...opened, open: this.#notes.giveUp(epoch, difference, listed) });
		});
	}

	/** The copies that are not decided on, to be kept as files. */
	documents(): { epoch: number; doc: Y.Doc }[] {
		return this.#copies.map(({ epoch, doc }) => ({ epoch, doc }));
	}

	/** Where nothing is left to decide on, also because the board has it all by now, the copy goes without a word. */
	#show(opened: OpenCopy): void {
		const host = this.#host.doc;
		const { epoch, copy, open } = opened;
		const isDone = open.size === 0 || (host && differencesNow(readWithNotes(host), copy, open).length === 0);
		if (isDone) return this.#close(epoch);
		this.#copies = [...this.#copies.filter((other) => other.epoch !== epoch), opened];
	}

	#close(epoch: number): void {
		delete this.#left[epoch];
		this.#notes.close(epoch);
		dropKept({ ...this.#of, epoch });
		this.#copies = this.#copies.filter((other) => other.epoch !== epoch);
	}

	/** Another tab has decided on something. */
	readonly #onStorage = ({ key }: StorageEvent): void => {
		this.#copies = this.#copies.flatMap((opened) => {
			if (key !== this.#notes.keyOf(opened.epoch)) return [opened];
			const open = this.#notes.read(opened.epoch);
			return open && open.size > 0 ? [{ ...opened, open }] : [];
		});
	};

	destroy(): void {
		removeEventListener('storage', this.#onStorage);
	}
}
