import * as Y from 'yjs';
import type { Board, Project } from '#domain/board.ts';
import { byOrder } from '#domain/board.ts';
import { readMeta, readProject, readStages } from './read-board.ts';
import { metaOf, projectsOf, stagesOf } from './schema.ts';

/**
 * The board of a document, kept up with it: after an edit only the projects it touched are read again, so that the cost
 * is that of the edit and not of the board. Always equal to `readBoard(doc)`.
 */
export class BoardMirror {
	readonly #doc: Y.Doc;
	readonly #onChange: (board: Board) => void;
	readonly #projects = new Map<string, Project>();
	#board: Board;
	#touched = new Set<string>();
	#isLayoutTouched = false;

	/** @param onChange hears of every new picture, once a transaction */
	constructor(doc: Y.Doc, onChange: (board: Board) => void) {
		this.#doc = doc;
		this.#onChange = onChange;
		this.#board = this.#readAll();
		projectsOf(doc).observeDeep(this.#onProjects);
		stagesOf(doc).observeDeep(this.#onLayout);
		metaOf(doc).observe(this.#onLayout);
		doc.on('afterTransaction', this.#afterTransaction);
	}

	get board(): Board {
		return this.#board;
	}

	readonly #onProjects = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
		for (const event of events) {
			const [id] = event.path;
			if (typeof id === 'string') this.#touched.add(id);
			else for (const key of event.changes.keys.keys()) this.#touched.add(key);
		}
	};

	readonly #onLayout = (): void => {
		this.#isLayoutTouched = true;
	};

	readonly #afterTransaction = (): void => {
		if (!this.#isLayoutTouched && this.#touched.size === 0) return;
		// a project's column depends on which stages there are
		this.#board = this.#isLayoutTouched ? this.#readAll() : this.#readTouched();
		this.#isLayoutTouched = false;
		this.#touched = new Set();
		this.#onChange(this.#board);
	};

	#readAll(): Board {
		this.#projects.clear();
		const stages = readStages(this.#doc);
		const read = this.#readerFor(stages);
		for (const id of projectsOf(this.#doc).keys()) read(id);
		return this.#picture({ ...readMeta(this.#doc), stages });
	}

	#readTouched(): Board {
		const { projects: _, ...layout } = this.#board;
		const read = this.#readerFor(layout.stages);
		for (const id of this.#touched) read(id);
		return this.#picture(layout);
	}

	#readerFor(stages: Board['stages']): (id: string) => void {
		const stageIds = new Set(stages.map((stage) => stage.id));
		const fallback = stages[0]?.id ?? '';
		return (id) => {
			const project = projectsOf(this.#doc).get(id);
			if (project instanceof Y.Map) this.#projects.set(id, readProject(id, project, stageIds, fallback));
			else this.#projects.delete(id);
		};
	}

	#picture(layout: Omit<Board, 'projects'>): Board {
		const rank = new Map(layout.stages.map((stage, index) => [stage.id, index]));
		const rankOf = (project: Project) => rank.get(project.stage) ?? 0;
		const projects = [...this.#projects.values()].sort((a, b) => rankOf(a) - rankOf(b) || byOrder(a, b));
		return { ...layout, projects };
	}

	/** Stops following the document. */
	destroy(): void {
		projectsOf(this.#doc).unobserveDeep(this.#onProjects);
		stagesOf(this.#doc).unobserveDeep(this.#onLayout);
		metaOf(this.#doc).unobserve(this.#onLayout);
		this.#doc.off('afterTransaction', this.#afterTransaction);
	}
}
