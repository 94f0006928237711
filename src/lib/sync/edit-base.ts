import * as Y from 'yjs';
import type { Board, Project } from '#domain/board.ts';
import type { EditBase } from '#domain/board-differences.ts';
import { ofWhole, wholeOf } from '#doc/board-copy.ts';
import type { NotesWritten } from '#doc/restore-notes.ts';
import { richTextBefore } from '#doc/rich-text-before.ts';
import { metaOf, projectsOf, stagesOf } from '#doc/schema.ts';
import type { Replica } from './replica.ts';

/** What all of Yjs' containers have in common. */
type Container = Pick<Y.AbstractType<unknown>, '_item'>;

/** A project as it was before this person's edits that were lost with it, and as they had made it. */
export interface LostEdits {
	before: Project;
	mine: Project;
	/** The same of its notes, if they wrote in them. */
	notes: NotesWritten | undefined;
}

const nothing = (): EditBase => ({ stages: {}, projects: {}, notes: {} });

/**
 * Follows what this person's edits change and keeps what was there before, until the server has vouched for all of them.
 * Should the board go on with another document meanwhile, this tells whether an edit can be done again.
 */
export class EditBaseKeeper {
	readonly #replica: Replica;
	readonly #onChange: (base: EditBase) => void;
	readonly #onLost: (lost: LostEdits) => void;
	#base = nothing();
	#before: Board;

	/**
	 * @param events `onChange` hears of what is to be kept, before the edit is on its way; `onLost` of edits whose project
	 * somebody else had removed
	 */
	constructor(
		replica: Replica,
		{ onChange, onLost }: { onChange: (base: EditBase) => void; onLost: (lost: LostEdits) => void }
	) {
		this.#replica = replica;
		this.#onChange = onChange;
		this.#onLost = onLost;
		this.#before = replica.mirror.board;
		replica.doc.on('beforeTransaction', this.#remember);
		replica.doc.on('beforeObserverCalls', this.#take);
	}

	/** What is kept; undefined = nothing. */
	get base(): EditBase | undefined {
		return sizeOf(this.#base) > 0 ? this.#base : undefined;
	}

	/** Goes on from what earlier tabs kept. */
	begin(earlier: EditBase | undefined): void {
		if (earlier) this.#base = earlier;
	}

	/** All edits are with the server. */
	clear(): void {
		this.#base = nothing();
	}

	readonly #remember = (): void => {
		this.#before = this.#replica.mirror.board;
	};

	readonly #take = (transaction: Y.Transaction): void => {
		if (!transaction.local) return this.#findLost(transaction);
		const size = sizeOf(this.#base);
		const { doc } = this.#replica;
		for (const [changed, keys] of transaction.changed) {
			const type: unknown = changed;
			if (type === metaOf(doc)) this.#base.title ??= this.#before.title;
			else if (type === stagesOf(doc)) for (const key of keys) this.#takeStage(key);
			else if (type === projectsOf(doc)) for (const key of keys) this.#takeProject(key, transaction);
			else this.#takeWithin(changed, transaction);
		}
		if (sizeOf(this.#base) > size) this.#onChange(this.#base);
	};

	/** What is written in a project that has gone reaches nobody: its writer must hear of it. */
	#findLost(transaction: Y.Transaction): void {
		const projects = projectsOf(this.#replica.doc);
		for (const [changed, keys] of transaction.changed) {
			if ((changed as unknown) !== projects) continue;
			for (const id of keys) if (id !== null && !projects.has(id)) this.#findLostOf(id, transaction);
		}
	}

	#findLostOf(id: string, transaction: Y.Transaction): void {
		const mine = this.#projectBefore(id);
		const before = Object.hasOwn(this.#base.projects, id) ? this.#base.projects[id] : mine;
		if (!mine || !before) return; // new here, or gone here as well
		const notes = this.#notesLost(id, transaction);
		if (notes || before !== mine) this.#onLost({ before, mine, notes });
	}

	#notesLost(id: string, transaction: Y.Transaction): NotesWritten | undefined {
		const whole = Object.hasOwn(this.#base.notes, id) ? this.#base.notes[id] : undefined;
		const notes = this.#notesOf(id);
		if (whole === undefined || !notes) return undefined;
		const mine = richTextBefore(notes, transaction);
		return wholeOf(mine) === whole ? undefined : { before: ofWhole(whole), mine };
	}

	/** @param type somewhere within a stage or a project */
	#takeWithin(type: Container, transaction: Y.Transaction): void {
		let at = type;
		let notes: Y.XmlFragment | undefined;
		for (let item = at._item; item; item = at._item) {
			if (item.parentSub === 'notes' && at instanceof Y.XmlFragment) notes = at;
			const parent = item.parent as Container;
			if (parent === stagesOf(this.#replica.doc)) return this.#takeStage(item.parentSub);
			if (parent === projectsOf(this.#replica.doc)) {
				const id = item.parentSub ?? '';
				if (notes) return this.#takeNotes(id, notes, transaction);
				return this.#takeProject(id);
			}
			at = parent;
		}
	}

	#takeStage(id: string | null): void {
		if (id !== null) this.#base.stages[id] ??= this.#before.stages.find((stage) => stage.id === id) ?? null;
	}

	/** @param transaction in which the whole project comes or goes, and with it its notes */
	#takeProject(id: string | null, transaction?: Y.Transaction): void {
		if (id === null) return;
		const { projects } = this.#base;
		if (!Object.hasOwn(projects, id)) projects[id] = this.#projectBefore(id);
		const notes = this.#notesOf(id);
		if (transaction && notes) this.#takeNotes(id, notes, transaction);
	}

	/** The notes of a project, also of one that this transaction removes. */
	#notesOf(id: string): Y.XmlFragment | undefined {
		const item = projectsOf(this.#replica.doc)._map.get(id);
		const project = item?.content instanceof Y.ContentType ? item.content.type : undefined;
		const notes = project?._map.get('notes')?.content;
		return notes instanceof Y.ContentType && notes.type instanceof Y.XmlFragment ? notes.type : undefined;
	}

	#projectBefore(id: string): Project | null {
		return this.#before.projects.find((project) => project.id === id) ?? null;
	}

	#takeNotes(id: string, notes: Y.XmlFragment, transaction: Y.Transaction): void {
		const known = this.#base.notes;
		if (!Object.hasOwn(known, id)) known[id] = wholeOf(richTextBefore(notes, transaction));
	}

	destroy(): void {
		this.#replica.doc.off('beforeTransaction', this.#remember);
		this.#replica.doc.off('beforeObserverCalls', this.#take);
	}
}

function sizeOf({ title, stages, projects, notes }: EditBase): number {
	const records = [stages, projects, notes].map((record) => Object.keys(record).length);
	return records.reduce((sum, count) => sum + count, title === undefined ? 0 : 1);
}
