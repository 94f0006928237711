import { createContext } from 'svelte';
import { type Project, projectsIn } from '#domain/board.ts';
import { NAME_MAX_CHARS } from '#domain/limits.ts';
import { type Action, can, type Role } from '#domain/roles.ts';
import { addProject, addStage, moveProject, removeProject, renameStage, setField } from '#doc/mutators.ts';
import {
	type InitialsOf,
	isFiltering,
	matcherOf,
	NO_FILTER,
	type ProjectFilter
} from '#lib/project/project-filter.ts';
import type { SourceDocuments } from '#lib/project/source-document.ts';
import type { LiveBoard } from '#lib/sync/live-board.svelte.ts';
import type { PersonHere } from '#lib/sync/presence.svelte.ts';
import { type DropPlace, indexAt, isSamePlace } from './drop-place.ts';
import { searchOf } from './time/asked-moment.ts';
import type { ShownMoment } from './time/shown-moment.svelte.ts';
import { type LastMove, stageBasisOf } from './stage-basis.ts';

/** What everybody may see of somebody named on the board. */
export interface PersonShown {
	id: string;
	name: string;
	org: string;
	orgEn: string;
	color: number;
}
interface BoardViewOptions {
	boardId: string;
	live: LiveBoard;
	/** The moment that is shown, where that is not now. */
	moment: ShownMoment;
	role: Role;
	isArchived: boolean;
	people: Record<string, PersonShown>;
	documents: SourceDocuments;
	lastMoves: Record<string, LastMove>;
}

/** What one person sees and does on the board page: the live board through their filter, and their intents. */
export class BoardView {
	readonly boardId: string;
	readonly live: LiveBoard;
	readonly role: Role;
	/** An archived board is only read, whoever one is. */
	readonly isArchived: boolean;
	readonly moment: ShownMoment;
	readonly people: Record<string, PersonShown>;
	readonly documents: SourceDocuments;
	filter = $state<ProjectFilter>({ ...NO_FILTER });
	/** Project whose name is being edited on its card. */
	renaming = $state<string | undefined>();
	/** Project being dragged. While it is, the columns stand still whatever others do. */
	dragging = $state<string | undefined>();
	#lastMoves = $state.raw<Record<string, LastMove>>({});
	#initialsOf = $state.raw<InitialsOf | undefined>();
	#frozen = $state.raw<LiveBoard['board'] | undefined>();

	constructor(options: BoardViewOptions) {
		this.boardId = options.boardId;
		this.live = options.live;
		this.people = options.people;
		this.documents = options.documents;
		this.#lastMoves = options.lastMoves;
		this.role = options.role;
		this.isArchived = options.isArchived;
		this.moment = options.moment;
	}

	/** Whether another moment than now is shown; the past is only read. */
	readonly isPast = $derived.by(() => this.moment.isPast);
	readonly mayEdit = $derived.by(() => this.#may('board:edit'));
	readonly mayEditStages = $derived.by(() => this.#may('stages:edit'));
	/** The board of the moment that is shown, at its newest. */
	readonly current = $derived.by(() => this.moment.board ?? this.live.board);
	/** The board as it is shown: while a card is dragged it stands still. */
	readonly board = $derived.by(() => this.moment.board ?? this.#frozen ?? this.live.board);
	readonly isFiltering = $derived.by(() => isFiltering(this.filter));
	readonly #matches = $derived.by(() => matcherOf(this.filter, this.#initialsOf));
	/** Stage id → its projects that the filter shows, from the top; stages without any are absent. */
	readonly #byStage = $derived.by(() => {
		const shown = this.isFiltering ? this.board.projects.filter(this.#matches) : this.board.projects;
		return Object.groupBy(shown, (project) => project.stage);
	});
	/** The stages from the left, each with its projects that the filter shows, from the top. */
	readonly columns = $derived.by(() =>
		this.board.stages.map((stage) => ({ stage, projects: this.#byStage[stage.id] ?? [] }))
	);
	readonly shownCount = $derived.by(() =>
		this.columns.reduce((sum, { projects }) => sum + projects.length, 0)
	);

	#may(action: Action): boolean {
		return !this.isPast && !this.isArchived && can(this.role, action);
	}

	/** The address of a project, or of the board itself, at the moment that is shown. */
	hrefOf(projectId?: string): string {
		const path = projectId === undefined ? '' : `/projects/${projectId}`;
		return `/boards/${this.boardId}${path}${searchOf(this.moment.asked)}`;
	}

	/** Others who are on a project, each once; in the past there is nobody. */
	peopleOn(projectId: string): readonly PersonHere[] {
		return this.isPast ? [] : this.live.presence.peopleOn(projectId);
	}

	isShown = (projectId: string): boolean => {
		const project = this.board.projects.find(({ id }) => id === projectId);
		return project !== undefined && (!this.isFiltering || this.#matches(project));
	};

	/** Loads the readings of Chinese characters; the search finds initials from then on. */
	async learnPinyin(): Promise<void> {
		const { pinyinInitials } = await import('#lib/project/pinyin-initials.ts');
		this.#initialsOf = pinyinInitials;
	}

	clearFilter(): void {
		this.filter = { ...NO_FILTER };
	}

	basisOf(project: Project) {
		return stageBasisOf(project, (this.isPast ? this.moment.lastMoves : this.#lastMoves)[project.id]);
	}

	noteMoves(moves: Record<string, LastMove>): void {
		this.#lastMoves = { ...this.#lastMoves, ...moves };
	}

	startDrag(projectId: string): void {
		this.#frozen = this.live.board;
		this.dragging = projectId;
	}

	endDrag(): void {
		this.#frozen = undefined;
		this.dragging = undefined;
	}

	/** Moves a project; false if it would stand where it stands. */
	move(projectId: string, place: DropPlace): boolean {
		if (!this.mayEdit || isSamePlace(this.live.board, projectId, place)) return false;
		const index = indexAt(this.live.board, projectId, place);
		this.live.edit((doc, origin) => moveProject(doc, { projectId, stageId: place.stageId, index }, origin));
		return true;
	}

	/** Adds a project at the top of a stage and returns its id. */
	add(stageId: string, name: string): string {
		const projectId = `p-${crypto.randomUUID()}`;
		const sector = this.filter.sectors.length === 1 ? this.filter.sectors[0]! : 'planning';
		const cities = Object.fromEntries(this.filter.cities.map((city) => [city, true]));
		const fields = { name: name.trim().slice(0, NAME_MAX_CHARS), sector, cities };
		this.live.edit((doc, origin) => addProject(doc, { projectId, stageId, index: 0, fields }, origin));
		return projectId;
	}

	rename(projectId: string, name: string): void {
		this.live.edit((doc, origin) => setField(doc, { projectId, field: 'name', value: name.trim() }, origin));
	}

	remove(projectId: string): void {
		this.live.edit((doc, origin) => removeProject(doc, projectId, origin));
	}

	addStage(stage: { name: string; nameEn: string }): void {
		const id = `s-${crypto.randomUUID()}`;
		const index = this.live.board.stages.length;
		this.live.edit((doc, origin) => addStage(doc, { stage: { id, ...stage }, index }, origin));
	}

	renameStage(stageId: string, names: { name: string; nameEn: string }): void {
		this.live.edit((doc, origin) => renameStage(doc, { stageId, ...names }, origin));
	}

	/** Place of a project in its column for a spoken message: from 1, of how many. */
	positionOf(projectId: string): { stageId: string; index: number; count: number } | undefined {
		const project = this.live.board.projects.find(({ id }) => id === projectId);
		if (!project) return undefined;
		const column = projectsIn(this.live.board, project.stage);
		return {
			stageId: project.stage,
			index: column.findIndex(({ id }) => id === projectId) + 1,
			count: column.length
		};
	}
}

export const [getBoardView, setBoardView] = createContext<BoardView>();
