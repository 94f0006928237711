import type { Board } from '#domain/board.ts';
import { boardAsSaid } from '#domain/said-board.ts';
import type { LastMove } from '../stage-basis.ts';
import type { AskedMoment } from './asked-moment.ts';
import { type MomentPicture, MomentPictures } from './moment-pictures.ts';

interface ShownMomentOptions {
	boardId: string;
	/** What the address asks for; undefined = now. */
	asked(): AskedMoment | undefined;
	/** The board as it is now. */
	current(): Board;
	/** Date of a document of the register. */
	dateOf(documentId: string): string | undefined;
	fetch: typeof fetch;
}

/** The moment a board page shows, where that is not now: as it was entered, or as documents had it. */
export class ShownMoment {
	readonly pictures: MomentPictures;
	readonly #options: ShownMomentOptions;
	/** A moment under the person's hand, before it is in the address. */
	#held = $state.raw<AskedMoment | undefined>();
	#picture = $state.raw<MomentPicture | undefined>();
	#isLoading = $state(false);
	#hasFailed = $state(false);

	/** @param first the picture the server sent for what the address asked for */
	constructor(options: ShownMomentOptions, first?: MomentPicture) {
		this.#options = options;
		this.pictures = new MomentPictures(options.boardId, options.fetch);
		const asked = options.asked();
		if (!first || asked?.clock !== 'entered') return;
		this.#picture = first;
		this.pictures.keep(asked.at, first);
	}

	/** Undefined = now. */
	readonly asked = $derived.by(() => this.#held ?? this.#options.asked());
	readonly isPast = $derived.by(() => this.asked !== undefined);
	readonly #said = $derived.by(() => {
		const { asked } = this;
		if (asked?.clock !== 'dated') return undefined;
		return boardAsSaid(this.#options.current(), asked.date, this.#options.dateOf);
	});
	/** The board of that moment; undefined = now is shown, or it has not come yet. */
	readonly board = $derived.by(() => (this.asked?.clock === 'entered' ? this.#picture?.board : this.#said));

	/** The entry the shown board ends with; undefined where it is not one of the journal's. */
	get picture(): MomentPicture | undefined {
		return this.asked?.clock === 'entered' ? this.#picture : undefined;
	}
	get lastMoves(): Record<string, LastMove> {
		return this.picture?.lastMoves ?? {};
	}
	get isLoading(): boolean {
		return this.#isLoading;
	}
	get hasFailed(): boolean {
		return this.#hasFailed;
	}

	/** Shows a moment while the person moves over it; `undefined` lets the address decide again. */
	hold(moment: AskedMoment | undefined): void {
		this.#held = moment;
	}

	/** Brings in the board of the moment that is asked for. */
	async load(): Promise<void> {
		const { asked } = this;
		if (asked?.clock !== 'entered') {
			this.#picture = undefined;
			this.#isLoading = this.#hasFailed = false;
			return;
		}
		this.#isLoading = true;
		this.#hasFailed = false;
		try {
			const picture = await this.pictures.get(asked.at);
			if (!picture) return; // another moment is asked for by now
			this.#picture = picture;
			this.#isLoading = false;
		} catch {
			this.#picture = undefined; // another moment must not stand there for this one
			this.#hasFailed = true;
			this.#isLoading = false;
		}
	}
}
