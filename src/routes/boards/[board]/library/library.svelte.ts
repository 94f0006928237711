import { createContext } from 'svelte';
import type { Board } from '#domain/board.ts';
import { boardStageOf } from '#domain/stages.ts';
import { newProjectOf } from '#doc/library-record.ts';
import { addProject } from '#doc/mutators.ts';
import { isFiltering, matcherOf, NO_FILTER, type ProjectFilter } from '#lib/project/project-filter.ts';
import type { LiveBoard } from '#lib/sync/live-board.svelte.ts';
import type { LibraryEntry } from './library-entry.ts';
import { LibraryRecords, membership, stageFor } from './library-records.ts';

/** Which records are wanted, by whether they stand on the board. */
export type Shown = 'all' | 'off-board' | 'on-board';

interface LibraryOptions {
	entries: readonly LibraryEntry[];
	live: LiveBoard;
	/** Records on the board when the page was made. */
	onBoard: readonly string[];
	mayAdd: boolean;
	/** What is searched for at first. */
	text: string;
}

/** The library beside one board: its records through a person's filter, and which of them stand on the board. */
export class Library {
	readonly entries: readonly LibraryEntry[];
	readonly live: LiveBoard;
	readonly mayAdd: boolean;
	readonly records: LibraryRecords;
	filter = $state<ProjectFilter>({ ...NO_FILTER });
	shown = $state<Shown>('all');
	readonly #onBoardAtFirst: readonly string[];

	constructor({ entries, live, onBoard, mayAdd, text }: LibraryOptions) {
		this.entries = entries;
		this.live = live;
		this.mayAdd = mayAdd;
		this.records = new LibraryRecords(live.boardId);
		this.filter.text = text;
		this.#onBoardAtFirst = onBoard;
	}

	readonly #onBoard = $derived.by(() =>
		membership(this.live.isLoaded ? this.live.board.projects.map(({ id }) => id) : this.#onBoardAtFirst)
	);
	readonly isFiltering = $derived.by(() => isFiltering(this.filter) || this.shown !== 'all');
	readonly found = $derived.by(() => {
		const matches = matcherOf(this.filter);
		return this.entries.filter((entry) => this.#isWanted(entry.id) && matches(entry));
	});

	isOnBoard(id: string): boolean {
		return this.#onBoard.has(id);
	}

	#isWanted(id: string): boolean {
		return this.shown === 'all' || this.isOnBoard(id) === (this.shown === 'on-board');
	}

	clear(): void {
		this.filter = { ...NO_FILTER };
		this.shown = 'all';
	}

	/**
	 * Puts a record onto the board, at the top of the stage its newest evidence supports, as the person who is signed in.
	 * @returns the stage it went to
	 * @throws {Refusal} `conflict` if somebody has just added it; an error if the record cannot be fetched
	 */
	async add({ id: projectId, newest }: LibraryEntry): Promise<Board['stages'][number]> {
		const fields = newProjectOf(await this.records.get(projectId));
		const stage = stageFor(this.live.board, boardStageOf(newest.stage));
		this.live.edit((doc, origin) =>
			addProject(doc, { projectId, stageId: stage.id, index: 0, fields }, origin)
		);
		return stage;
	}
}

export const [getLibrary, setLibrary] = createContext<Library>();
