import { createContext } from 'svelte';
import type { Board } from '#domain/board.ts';
import { documentDatesOf } from '#domain/said-board.ts';
import type { Timeline } from '#domain/timeline.ts';
import type { AskedMoment } from './asked-moment.ts';
import { timeOf } from './asked-moment.ts';
import { Player, wait } from './player.svelte.ts';
import type { ShownMoment } from './shown-moment.svelte.ts';
import {
	dateBeside,
	type Direction,
	momentAt,
	type Position,
	type StepSize,
	stepsFrom,
	usualStep
} from './time-steps.ts';

export type Clock = AskedMoment['clock'];

interface TimeTravelOptions {
	boardId: string;
	moment: ShownMoment;
	/** The board as it is now: it holds what all documents say. */
	current(): Board;
	/** Puts a moment into the address; undefined = now. */
	show(moment: AskedMoment | undefined): Promise<void>;
	fetch: typeof fetch;
}

/** One person's way through the time of a board: the clock they go by, their steps, and playing them. */
export class TimeTravel {
	readonly moment: ShownMoment;
	readonly player: Player;
	isOpen = $state(false);
	size = $state<StepSize>('change');
	readonly #options: TimeTravelOptions;
	#timeline = $state.raw<Timeline | undefined>();
	#hasFailed = $state(false);
	/** The clock chosen while now is shown; a moment that is shown has its own. */
	#chosen = $state<Clock>('entered');

	constructor(options: TimeTravelOptions) {
		this.#options = options;
		this.moment = options.moment;
		this.player = new Player({ forward: () => this.#step(1), wait });
	}

	get timeline(): Timeline | undefined {
		return this.#timeline;
	}
	get hasFailed(): boolean {
		return this.#hasFailed;
	}

	readonly clock = $derived.by(() => this.moment.asked?.clock ?? this.#chosen);
	readonly documents = $derived.by(() => documentDatesOf(this.#options.current()));
	readonly #dates = $derived.by(() => this.documents.map(({ date }) => date));

	/** Where on the journal's clock the board is looked at. */
	readonly position: Position | undefined = $derived.by(() => {
		const { asked, picture } = this.moment;
		if (!this.#timeline) return undefined;
		const now = { at: this.#timeline.to, seq: this.#timeline.seq };
		if (asked?.clock !== 'entered' || !picture) return now;
		return { at: timeOf(asked) ?? picture.at ?? now.at, seq: picture.seq };
	});

	/** Opens the bar, and learns when the board was changed how much. */
	async open(): Promise<void> {
		this.isOpen = true;
		await this.#learn();
	}

	close(): void {
		this.player.pause();
		this.isOpen = false;
	}

	async #learn(): Promise<void> {
		this.#hasFailed = false;
		try {
			const response = await this.#options.fetch(`/api/boards/${this.#options.boardId}/timeline`);
			if (!response.ok) throw new Error(`${response.status}`);
			const timeline = (await response.json()) as Timeline;
			if (!this.#timeline) this.size = usualStep(timeline);
			this.#timeline = timeline;
			for (const { end, seq } of timeline.buckets) this.moment.pictures.note(end, seq);
		} catch {
			this.#hasFailed = true;
		}
	}

	/** Goes by the other clock, from now. */
	async choose(clock: Clock): Promise<void> {
		this.player.pause();
		const last = this.#dates.at(-1);
		this.#chosen = clock;
		await this.#options.show(clock === 'dated' && last ? { clock, date: last } : undefined);
	}

	/** Shows a moment that the person picks. */
	async go(moment: AskedMoment | undefined): Promise<void> {
		this.player.pause();
		await this.#show(moment);
	}

	/** The board is there before the address changes, so that nothing flickers in between. */
	async #show(moment: AskedMoment | undefined): Promise<void> {
		if (moment) this.#chosen = moment.clock;
		if (moment?.clock === 'entered' && !(await this.#isWanted(moment.at))) return;
		await this.#options.show(moment);
		if (!moment) void this.#learn();
	}

	/** Brings in a moment; false if another one is asked for meanwhile. One that does not come is shown as failed. */
	#isWanted(at: string): Promise<boolean> {
		return this.moment.pictures.get(at).then(
			(picture) => picture !== undefined,
			() => true
		);
	}

	async step(direction: Direction, times = 1): Promise<void> {
		this.player.pause();
		await this.#step(direction, times);
	}

	/** @returns whether there is something further */
	async #step(direction: Direction, times = 1): Promise<boolean> {
		const next =
			this.clock === 'entered' ? this.#momentBeside(direction, times) : this.#dateBeside(direction);
		if (next === undefined) return false;
		await this.#show(next === 'now' ? undefined : next);
		return next !== 'now' && !this.moment.hasFailed;
	}

	#momentBeside(direction: Direction, times: number): AskedMoment | 'now' | undefined {
		if (!this.#timeline || !this.position) return undefined;
		if (direction === 1 && !this.moment.isPast) return undefined;
		const target = stepsFrom(this.#timeline, this.position, { size: this.size, direction, times });
		return typeof target === 'object' ? { clock: 'entered', at: target.at } : target;
	}

	#dateBeside(direction: Direction): AskedMoment | 'now' | undefined {
		const { asked } = this.moment;
		const date = dateBeside(this.#dates, asked?.clock === 'dated' ? asked.date : undefined, direction);
		if (date !== undefined) return { clock: 'dated', date };
		return direction === 1 && asked ? 'now' : undefined;
	}

	/** The first moment there is. */
	async start(): Promise<void> {
		const [first] = this.#dates;
		if (this.clock === 'dated') await this.go(first ? { clock: 'dated', date: first } : undefined);
		else if (this.#timeline) await this.go({ clock: 'entered', at: this.#timeline.from });
	}

	/** Plays on from the moment that is shown; from the beginning, if that is now. */
	async play(): Promise<void> {
		if (!this.moment.isPast) await this.start();
		await this.player.play();
	}

	/** What a point of the axis stands for. */
	momentAt(ms: number): AskedMoment | undefined {
		if (this.clock === 'dated') return this.#documentAt(ms);
		const found = this.#timeline ? momentAt(this.#timeline, ms) : 'now';
		return found === 'now' ? undefined : { clock: 'entered', at: found.at };
	}

	/** The newest documents by a point of the axis; before the first ones, these. */
	#documentAt(ms: number): AskedMoment | undefined {
		const date = this.#dates.findLast((other) => Date.parse(other) <= ms) ?? this.#dates[0];
		return date === undefined ? undefined : { clock: 'dated', date };
	}
}

export const [getTimeTravel, setTimeTravel] = createContext<TimeTravel>();
