import * as Y from 'yjs';
import { damage, forge } from './forgeries.ts';
import { judge, type Verdict } from './judge.ts';
import { Person } from './people.ts';
import { Random } from './random.ts';
import { docOf, startingBoard } from './starting-board.ts';

/** What happened in a session so far. */
export interface Tally {
	updates: number;
	known: number;
	/** Updates of which exactly what Yjs reported was named. */
	tight: number;
	clashes: number;
	/** Damaged and forged updates, and how many of them were accepted and kept all promises. */
	hostile: number;
	hostileAccepted: number;
	/** Why the others were refused. */
	refused: Map<string, number>;
}

/** Several people who work on one board at once, with a server that inspects what they send. */
export class FuzzSession {
	readonly server = new Y.Doc();
	readonly random: Random;
	/** All that was accepted, in order. */
	readonly log: Uint8Array[] = [];
	readonly tally: Tally = {
		updates: 0,
		known: 0,
		tight: 0,
		clashes: 0,
		hostile: 0,
		hostileAccepted: 0,
		refused: new Map()
	};
	readonly #people: Person[];
	/** How many hostile updates are made from each honest one. */
	readonly #hostilePerUpdate: number;

	constructor(seed: number, hostilePerUpdate = 0) {
		this.#hostilePerUpdate = hostilePerUpdate;
		this.random = new Random(seed);
		const start = startingBoard();
		Y.applyUpdate(this.server, start);
		this.#people = Array.from({ length: 3 }, () => new Person(start, this.random));
	}

	/** One person edits, listens, sends, or starts again. @throws {Error} if an honest update is refused or misjudged */
	step(): void {
		const person = this.random.pick(this.#people);
		const choice = this.random.next();
		if (choice < 0.6) person.edit();
		else if (choice < 0.75) this.#listen(person);
		else if (choice < 0.98) this.#send(person);
		else person.restart();
	}

	#listen(person: Person): void {
		const until = Math.min(this.log.length, person.heard + 1 + this.random.int(6));
		const news = this.log.slice(person.heard, until);
		person.heard = until;
		if (news.length > 1 && this.random.chance(0.3)) person.receive(Y.mergeUpdates(news));
		else for (const update of news) person.receive(update);
	}

	#send(person: Person): void {
		for (const update of person.send(Y.encodeStateVector(this.server))) {
			if (this.#hostilePerUpdate > 0) this.#attack(update);
			const verdict = judge(this.server, update);
			if (verdict.code !== null)
				throw new Error(`an honest update was refused: ${verdict.code} ${verdict.message}`);
			this.log.push(update);
			this.#count(verdict);
		}
	}

	/** Hostile updates meet a copy of the board, which goes on with what it accepted. */
	#attack(update: Uint8Array): void {
		const state = Y.encodeStateAsUpdate(this.server);
		let copy = docOf(state);
		let accepted = 0;
		for (let count = 0; count < this.#hostilePerUpdate; count++) {
			const isForged = this.random.chance(0.7);
			const hostile = isForged
				? forge(update, copy, this.random)
				: damage(update, this.log.at(-1) ?? state, this.random);
			const { code } = judge(copy, hostile);
			this.tally.hostile += 1;
			if (code !== null) this.tally.refused.set(code, (this.tally.refused.get(code) ?? 0) + 1);
			else this.tally.hostileAccepted += 1;
			if (code === null && ++accepted % 4 === 0) copy = docOf(state);
		}
		this.#assertStateIsAccepted(copy);
	}

	/** What a board became can be sent and taken in as a whole. */
	#assertStateIsAccepted(board: Y.Doc): void {
		const state = Y.encodeStateAsUpdate(board);
		const verdict = judge(new Y.Doc(), state);
		if (verdict.code !== null)
			throw new Error(`the board's own state was refused: ${verdict.code} ${verdict.message}`);
	}

	#count({ inspection, isTight }: Extract<Verdict, { code: null }>): void {
		this.tally.updates += 1;
		this.tally.known += inspection.isKnown ? 1 : 0;
		this.tally.tight += isTight ? 1 : 0;
		this.tally.clashes += inspection.clashes.length;
	}
}
