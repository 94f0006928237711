import * as Y from 'yjs';
import { describeUpdate } from '../server/history/derive-changes.ts';
import { recordChanges } from '../server/history/recorded-change.ts';
import { hashOf, type PendingEntry } from '../server/journal/entry.ts';
import type { Head, Journal } from '../server/journal/journal.ts';
import { packState } from '../server/journal/packed-state.ts';
import { inspectUpdate } from '../src/doc/inspection/inspect.ts';
import { setEntry, setField } from '../src/doc/mutators.ts';
import { projectsOf } from '../src/doc/schema.ts';
import { ENGINEERING_STAGES } from '../src/domain/stages.ts';
import { projectId, projectUpdates } from './board-state.ts';

const PEOPLE = 20;
/** As the names of a real server are long. */
const idOf = (what: string, index: number) => `${what}${index}`.padEnd(32, 'k3Vx9qLw2TzB7mRc');
const PLACES = ['530100', '530300', '530400', '532300', '532500'];
/** On each day eight hours of work, in which somebody edits every 40 seconds: a million edits take four years. */
const PAUSE_MS = 40_000;
const EDITS_A_DAY = 720;
const DAY_MS = 86_400_000;
const BEGUN_AT = Date.parse('2022-01-03T01:00:00.000Z');
/** Entries committed at a time. */
const WINDOW = 1_000;

/** Id of one of those who edit. */
export const personId = (index: number) => idOf('person', index);
/** When an entry comes, ISO 8601 UTC. */
export function momentOf(seq: number): string {
	const day = Math.floor(seq / EDITS_A_DAY);
	return new Date(BEGUN_AT + day * DAY_MS + (seq % EDITS_A_DAY) * PAUSE_MS).toISOString();
}

/** The n-th edit: three in four set an amount, the others move, rename and say where. */
function edit(doc: Y.Doc, number: number, projects: number): void {
	const id = projectId((number * 7_919) % projects);
	const kind = number % 20;
	if (kind < 15) setField(doc, { projectId: id, field: 'totalInvestmentYuan', value: number * 10_000 });
	else if (kind < 17) moveOn(doc, id, ENGINEERING_STAGES[number % ENGINEERING_STAGES.length]!);
	else if (kind < 19) setField(doc, { projectId: id, field: 'name', value: `第${number}号跨市项目` });
	else setEntry(doc, { projectId: id, field: 'cities', key: PLACES[number % PLACES.length]!, value: true });
}

/** Into another stage, at the order it has: looking for one among thousands is the browser's work, not ours. */
function moveOn(doc: Y.Doc, id: string, stage: string): void {
	const project = projectsOf(doc).get(id)!;
	project.set('place', { ...(project.get('place') as object), stage });
}

/** Makes the entries of a board's history as a server does, without a network between. */
export class LongHistory {
	readonly #journal: Journal;
	readonly #boardId: string;
	/** The board as the server has it, and as people see and change it. */
	readonly #doc = new Y.Doc();
	readonly #theirs = new Y.Doc();
	readonly #known = new Set<number>();
	#head: Head;
	#window: PendingEntry[] = [];
	/** Processor time that went into change rows, before they are written, in ms. */
	derivingMs = 0;

	private constructor(journal: Journal, boardId: string, head: Head) {
		this.#journal = journal;
		this.#boardId = boardId;
		this.#head = head;
	}

	/** Goes on from where a board's journal ends. */
	static async on(journal: Journal, boardId: string): Promise<LongHistory> {
		const { doc, head } = await journal.load(boardId);
		const history = new LongHistory(journal, boardId, head);
		for (const copy of [history.#doc, history.#theirs]) Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
		return history;
	}

	/** Puts projects on the board, and edits them. */
	async write({ projects, edits }: { projects: number; edits: number }): Promise<void> {
		const first = personId(0);
		for (const update of projectUpdates(Y.encodeStateAsUpdate(this.#theirs), projects)) {
			Y.applyUpdate(this.#theirs, update, 'added');
			await this.#take(update, first);
		}
		let made: Uint8Array | undefined;
		this.#theirs.on('update', (update: Uint8Array) => (made = update));
		for (let number = 1; number <= edits; number++) {
			// each of them makes every kind of edit
			const person = (number + Math.floor(number / PEOPLE) * 7) % PEOPLE;
			this.#theirs.clientID = 1_000_000 + person;
			made = undefined;
			edit(this.#theirs, number, projects);
			if (made) await this.#take(made, personId(person));
		}
		await this.#commit();
		await this.#keepState();
	}

	async #take(update: Uint8Array, actorId: string): Promise<void> {
		const { touched, writers } = inspectUpdate(this.#doc, update);
		const { seq: before, hash: prevHash, epoch } = this.#head;
		const seq = before + 1;
		const startedAt = performance.now();
		const described = describeUpdate(this.#doc, touched, () => Y.applyUpdate(this.#doc, update));
		const receivedAt = momentOf(seq);
		const sessionId = idOf(`session-${receivedAt.slice(0, 'YYYY-MM-DD'.length)}-`, seq % PEOPLE);
		const changes = recordChanges({ seq, at: receivedAt, actorId, sessionId }, described);
		this.derivingMs += performance.now() - startedAt;
		const newWriters = writers.filter((client) => !this.#known.has(client));
		for (const client of newWriters) this.#known.add(client);
		const bare = { boardId: this.#boardId, seq, epoch, actorId, sessionId, receivedAt, update, prevHash };
		const hash = hashOf(bare);
		this.#head = { seq, epoch, hash, at: receivedAt };
		this.#window.push({ ...bare, hash, changes, newWriters });
		if (this.#window.length === WINDOW) await this.#commit();
	}

	async #commit(): Promise<void> {
		const window = this.#window;
		this.#window = [];
		await this.#journal.commit(window);
	}

	async #keepState(): Promise<void> {
		const { seq, epoch, at } = this.#head;
		await this.#journal.saveSnapshot(this.#boardId, {
			seq,
			epoch,
			at: at!,
			state: await packState(this.#doc)
		});
	}
}
