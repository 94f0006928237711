import { createContext } from 'svelte';
import type { Project } from '#domain/board.ts';
import { setCities, setLeadCity } from '#doc/city-mutators.ts';
import { setField, type ValueField } from '#doc/mutators.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { PersonHere } from '#lib/sync/presence.svelte.ts';
import type { BoardView } from '../../board-view.svelte.ts';
import { FieldChanges } from './field-changes.svelte.ts';

/** Fields that have a place of their own in the panel. */
const SHOWN_FIELDS = [
	'name',
	'nameEn',
	'place',
	'sector',
	'leadCity',
	'cities',
	'totalInvestmentYuan',
	'investmentAsOf',
	'investmentSource',
	'notes'
];

/** A name in both languages. */
export interface Named {
	nameZh: string;
	nameEn: string;
}

export interface PanelOptions {
	view: BoardView;
	projectId: string;
	/** Names of counties by code. */
	counties: Record<string, Named>;
	/** Names of projects that others depend on, by id, also of those that stand in the library only. */
	libraryNames: Record<string, Named>;
}

/** One open project: what is shown of it, who is in which field, and what may be changed. */
export class ProjectPanel {
	readonly view: BoardView;
	readonly projectId: string;
	readonly counties: Record<string, Named>;
	readonly libraryNames: Record<string, Named>;
	readonly fieldChanges: FieldChanges;
	/** Who took the project off the board while it was open. */
	removal = $state.raw<{ actorId: string; at: string } | undefined>();
	#lastSeen: Project | undefined;

	constructor({ view, projectId, counties, libraryNames }: PanelOptions) {
		this.view = view;
		this.projectId = projectId;
		this.counties = counties;
		this.libraryNames = libraryNames;
		this.fieldChanges = new FieldChanges({ boardId: view.boardId, projectId });
	}

	readonly #onBoard = $derived.by(() => this.view.current.projects.find(({ id }) => id === this.projectId));

	/**
	 * The project as it is, or as it last was before somebody removed it; undefined if it was never here. Of another
	 * moment than now it is shown if it stood on the board then.
	 */
	readonly project = $derived.by(() => {
		if (this.view.isPast) return this.#onBoard;
		this.#lastSeen = this.#onBoard ?? this.#lastSeen;
		return this.#lastSeen;
	});
	readonly isRemoved = $derived.by(() => this.#onBoard === undefined);
	readonly mayEdit = $derived.by(() => this.view.mayEdit && !this.isRemoved);

	/** Sets one value of the project. @throws {Refusal} `schema` if it breaks its rule */
	set<Field extends ValueField>(field: Field, value: Project[Field]): void {
		const { projectId } = this;
		this.view.live.edit((doc, origin) => setField(doc, { projectId, field, value }, origin));
	}

	setCities(cities: readonly string[]): void {
		const { projectId } = this;
		const before = this.project?.cities ?? [];
		this.view.live.edit((doc, origin) => setCities(doc, { projectId, before, cities }, origin));
	}

	setLeadCity(city: string | null): void {
		const { projectId } = this;
		this.view.live.edit((doc, origin) => setLeadCity(doc, { projectId, city }, origin));
	}

	/** Whether a key of the project has a place of its own here. */
	showsField(field: string | null): boolean {
		return field !== null && SHOWN_FIELDS.includes(field);
	}

	/** Others who are in a field, each once. */
	peopleIn(field: string): readonly PersonHere[] {
		return this.view.isPast ? [] : this.view.live.presence.peopleIn(this.projectId, field);
	}

	/** Tells the others which field one is in; none = looking at the project. */
	tellPlace(field?: string): void {
		this.view.live.presence.setPlace({ projectId: this.projectId, field });
	}

	/** Learns from what has been committed who removed the project. */
	noteChanges(changes: readonly RecordedChange[]): void {
		this.fieldChanges.note(changes);
		const mine = changes.filter(({ projectId }) => projectId === this.projectId);
		const last = mine.findLast(({ kind }) => kind === 'project-removed');
		if (last) this.removal = { actorId: last.actorId, at: last.at };
	}
}

export const [getProjectPanel, setProjectPanel] = createContext<ProjectPanel>();
