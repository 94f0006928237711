import { createContext } from 'svelte';

/** Says things to people who do not see the screen: where a card went, what somebody else moved. */
export class Announcer {
	#text = $state('');
	#turn = false;

	get text(): string {
		return this.#text;
	}

	/** Says `text` once; a text said twice in a row is heard twice. */
	say(text: string): void {
		this.#turn = !this.#turn;
		// a region is read out only when its text differs: every second one ends in a space without width
		this.#text = this.#turn ? text : `${text}\u200b`;
	}
}

const [useAnnouncer, provideAnnouncer] = createContext<Announcer>();
export { provideAnnouncer, useAnnouncer };
