import { createContext } from 'svelte';
import type { ChangeValue } from '#domain/change.ts';
import { type Clash, isRemoval } from '#domain/clash.ts';
import { isRefusal } from '#domain/refusal.ts';
import { chooseValue } from '#doc/choose-value.ts';
import { m } from '#lib/paraglide/messages.js';
import { cityFullName } from '#lib/signs/cities.ts';
import { stageName } from '#lib/signs/terms.ts';
import type { OpenClashes } from '#lib/sync/open-clashes.svelte.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';
import { isChoosable } from '../clash-words.ts';
import type { Naming } from '../history/value-text.ts';
import type { BoardView } from './board-view.svelte.ts';
import { displayName, namedText } from './wording.ts';

interface Parts {
	view: BoardView;
	meId: string;
	toasts: Toasts;
	/** Names of counties by code. */
	counties: Record<string, { nameZh: string; nameEn: string }>;
	fetch: typeof fetch;
}

/** The clashes that wait for a word, as one person sees them, and what that person does about them. */
export class BoardClashes {
	readonly #parts: Parts;
	/** People the page was not sent with. */
	#met = $state.raw<Record<string, { name: string }>>({});

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	get open(): OpenClashes {
		return this.#parts.view.live.clashes;
	}

	/** Those this person is one of the two in and has not put off. */
	readonly mine = $derived.by(() =>
		this.open.list.filter((clash) => this.isMine(clash) && !this.open.isAside(clash))
	);

	/** Names what values speak of. */
	readonly naming: Naming = {
		stage: (id) => {
			const stage = this.#parts.view.board.stages.find((one) => one.id === id);
			return stage ? stageName(stage) : stageName(id);
		},
		project: (id) => {
			const project = this.#parts.view.board.projects.find((one) => one.id === id);
			return project ? displayName(project) : id;
		},
		place: (code) => namedText(this.#parts.counties[code]) ?? cityFullName(code),
		document: (id) => this.#parts.view.documents[id]
	};

	isMine({ kept, lost }: Clash): boolean {
		return this.isMe(kept.actorId) || this.isMe(lost.actorId);
	}

	isMe(actorId: string): boolean {
		return actorId === this.#parts.meId;
	}

	nameOf(actorId: string): string {
		const here = this.#parts.view.live.presence.people.find(({ user }) => user.id === actorId)?.user;
		return (this.#parts.view.people[actorId] ?? this.#met[actorId] ?? here)?.name ?? m.board_somebody();
	}

	/** The project a clash is about, by its present name or its last. */
	projectOf({ projectId, projectName }: Clash): string {
		const project = this.#parts.view.board.projects.find(({ id }) => id === projectId);
		return project ? displayName(project) : (projectName ?? projectId ?? '');
	}

	isOnBoard({ projectId }: Clash): boolean {
		return this.#parts.view.board.projects.some(({ id }) => id === projectId);
	}

	/** Whether this person may say what is to become of it. */
	mayDecide({ projectId }: Clash): boolean {
		return projectId === null ? this.#parts.view.mayEditStages : this.#parts.view.mayEdit;
	}

	/** Whether this person may choose the other value. */
	mayChoose(clash: Clash): boolean {
		return isChoosable(clash) && this.mayDecide(clash);
	}

	/** Sets the value that was lost: an edit like any other, which can be undone. */
	choose(clash: Clash): void {
		const { view, toasts } = this.#parts;
		let isDone = false;
		try {
			const value: ChangeValue = clash.lost.value;
			view.live.edit((doc, origin) => (isDone = chooseValue(doc, { place: clash, value }, origin)));
		} catch (cause) {
			if (!isRefusal(cause)) throw cause;
		}
		if (!isDone) return void toasts.show(m.clash_gone(), { tone: 'warning' });
		this.open.noteSettled([clash]);
		toasts.show(m.clash_chosen(), { action: { label: m.common_undo(), run: () => view.live.undo() } });
	}

	/** Says that what stands is to stay; everybody's list learns of it. */
	async keep(clash: Clash): Promise<void> {
		const { view, toasts, fetch: send } = this.#parts;
		const address = `/api/boards/${view.boardId}/clashes/${clash.seq}/settle`;
		const body = JSON.stringify({ choice: 'kept', index: clash.index });
		const headers = { 'content-type': 'application/json' };
		const answer = await send(address, { method: 'POST', headers, body }).catch(() => undefined);
		// decided by somebody else meanwhile is as good
		const isSettled = answer?.ok || answer?.status === 409 || answer?.status === 404;
		if (!isSettled) return void toasts.show(m.clash_failed(), { tone: 'warning' });
		this.open.noteSettled([clash]);
		if (!isRemoval(clash)) toasts.show(m.clash_kept());
	}

	/** Asks the server what is open: what was said while the line was gone reached nobody here. */
	async refresh(): Promise<void> {
		const { view, fetch: send } = this.#parts;
		const answer = await send(`/api/boards/${view.boardId}/clashes`).catch(() => undefined);
		if (!answer?.ok) return;
		const listed = (await answer.json()) as {
			seq: number;
			clashes: Clash[];
			people: { id: string; name: string }[];
		};
		this.#met = Object.fromEntries(listed.people.map((person) => [person.id, person]));
		this.open.replace(listed);
	}
}

export const [getBoardClashes, setBoardClashes] = createContext<BoardClashes>();
