import { createContext, tick } from 'svelte';
import { m } from '#lib/paraglide/messages.js';
import { stageName } from '#lib/signs/terms.ts';
import type { Announcer } from '#lib/ui/announcer.svelte.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';
import type { BoardView } from './board-view.svelte.ts';
import { type DropPlace, placeBeside } from './drop-place.ts';
import { displayName } from './wording.ts';

const ARROWS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

interface Voices {
	toasts: Toasts;
	announcer: Announcer;
	/** Brings a card that a long column does not draw into sight. */
	reveal: (projectId: string) => void;
}

/** A person's intents on the board, with what they then see, hear and can take back. */
export class BoardActions {
	readonly #view: BoardView;
	readonly #voices: Omit<Voices, 'reveal'>;
	/** Set by the columns: brings a card that a long column does not draw into sight. */
	reveal: Voices['reveal'] = () => {};

	constructor(view: BoardView, voices: Omit<Voices, 'reveal'>) {
		this.#view = view;
		this.#voices = voices;
	}

	/** Moves a card and says where it went; the focus goes with it unless it is elsewhere on purpose. */
	move(projectId: string, place: DropPlace, { keepFocus = false } = {}): void {
		const from = this.#view.positionOf(projectId)?.stageId;
		if (!this.#view.move(projectId, place)) return;
		const text = this.#whereItIs(projectId);
		this.#voices.announcer.say(text);
		if (from !== place.stageId) this.#offerUndo(text);
		if (!keepFocus) void this.focusCard(projectId);
	}

	#whereItIs(projectId: string): string {
		const { stageId, index, count } = this.#view.positionOf(projectId) ?? { stageId: '', index: 0, count: 0 };
		const stage = this.#view.live.board.stages.find(({ id }) => id === stageId);
		return m.board_moved_to({
			name: this.#nameOf(projectId),
			stage: stage ? stageName(stage) : '',
			index,
			count
		});
	}

	#nameOf(projectId: string): string {
		const project = this.#view.live.board.projects.find(({ id }) => id === projectId);
		return project ? displayName(project) : '';
	}

	#offerUndo(text: string): void {
		this.#voices.toasts.show(text, { action: { label: m.common_undo(), run: () => this.undo() } });
	}

	remove(projectId: string): void {
		const text = m.board_removed({ name: this.#nameOf(projectId) });
		const neighbour = this.#neighbourOf(projectId);
		this.#view.remove(projectId);
		this.#offerUndo(text);
		if (neighbour) void this.focusCard(neighbour);
	}

	#neighbourOf(projectId: string): string | undefined {
		const lists = this.#view.columns.map(({ projects }) => projects);
		const column = lists.find((list) => list.some(({ id }) => id === projectId)) ?? [];
		const index = column.findIndex(({ id }) => id === projectId);
		return (column[index + 1] ?? column[index - 1])?.id;
	}

	undo(): void {
		if (this.#view.live.undo()) this.#voices.announcer.say(m.board_undone());
	}

	redo(): void {
		if (this.#view.live.redo()) this.#voices.announcer.say(m.board_redone());
	}

	/** What a key does on a focused card; false if it is not one of the card's keys. */
	onCardKey(projectId: string, event: KeyboardEvent): boolean {
		if (ARROWS.has(event.key)) {
			if (event.altKey) this.#moveByKey(projectId, event.key);
			else this.#focusBeside(projectId, event.key);
			return true;
		}
		if (!this.#view.mayEdit) return false;
		if (event.key === 'F2') this.#view.renaming = projectId;
		else if (event.key === 'Delete') this.remove(projectId);
		else return false;
		return true;
	}

	#moveByKey(projectId: string, key: string): void {
		const place = placeBeside(this.#view.live.board, projectId, { key, isVisible: this.#view.isShown });
		if (place && this.#view.mayEdit) this.move(projectId, place);
		else this.#voices.announcer.say(m.board_edge());
	}

	#focusBeside(projectId: string, key: string): void {
		const columns = this.#view.columns.map(({ projects }) => projects).filter((list) => list.length > 0);
		const at = columns.findIndex((list) => list.some(({ id }) => id === projectId));
		const row = columns[at]?.findIndex(({ id }) => id === projectId) ?? -1;
		const step = key === 'ArrowUp' || key === 'ArrowLeft' ? -1 : 1;
		const isAlong = key === 'ArrowUp' || key === 'ArrowDown';
		const list = columns[isAlong ? at : at + step];
		const next = isAlong ? list?.[row + step] : list?.[Math.min(row, list.length - 1)];
		if (next) void this.focusCard(next.id);
	}

	/** Puts the focus on a card once it stands where it now belongs. */
	async focusCard(projectId: string): Promise<void> {
		(await this.#cardOf(projectId))?.focus();
	}

	/** Brings a card into sight, where something beside it takes its room. */
	async showCard(projectId: string): Promise<void> {
		(await this.#cardOf(projectId))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
	}

	async #cardOf(projectId: string): Promise<HTMLElement | null> {
		await tick();
		this.reveal(projectId);
		await tick();
		return document.querySelector(`[data-project-id="${CSS.escape(projectId)}"]`);
	}
}

export const [getBoardActions, setBoardActions] = createContext<BoardActions>();
