import * as Y from 'yjs';

/** The last entry of the board up to which somebody holds everything, with its mark. */
export interface Held {
	seq: number;
	mark: string;
}

const UPDATES = 'updates';
const NOTES = 'custom';
const HELD = 'held';
const GENERATION = 'generation';
const UNSENT = 'unsent/';
/** Updates that are kept one by one; more are made into one. */
const ONE_BY_ONE = 500;

const done = <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? new Error('the browser keeps nothing'));
	});

function openDatabase(name: string): Promise<IDBDatabase> {
	const request = indexedDB.open(name);
	request.onupgradeneeded = () => {
		request.result.createObjectStore(UPDATES, { autoIncrement: true });
		request.result.createObjectStore(NOTES);
	};
	return done(request);
}

/**
 * The updates of a document in a database of the browser that several tabs write to: what came from the server, and the
 * edits it has not vouched for. What is noted is never ahead of what is kept: the browser runs writes in their order,
 * and after one that failed nothing is noted any more.
 */
export class KeptUpdates {
	readonly #doc: Y.Doc;
	#db: IDBDatabase | undefined;
	/** Changed by the tab that empties the store. */
	#generation: string | undefined;
	/** Kept updates that are in this tab's document for certain: another tab's may not be. */
	#covered: IDBValidKey[] = [];
	readonly #unsent = new Map<string, Uint8Array>();
	#held: Held | undefined;
	#isBroken = false;
	#isClosed = false;

	constructor(doc: Y.Doc) {
		this.#doc = doc;
	}

	/** As the store had it when it was loaded. */
	get held(): Held | undefined {
		return this.#held;
	}
	/** Edits of earlier visits, and of other tabs, that the server had not vouched for when the store was loaded. */
	get unsent(): ReadonlyMap<string, Uint8Array> {
		return this.#unsent;
	}

	/** Brings what is kept into the document. @param origin of the transaction @throws where this browser keeps nothing */
	async load(name: string, origin: unknown): Promise<void> {
		const db = await openDatabase(name);
		db.onversionchange = () => db.close();
		const [updates, notes] = this.#stores(db, 'readonly');
		const range = IDBKeyRange.bound(UNSENT, `${UNSENT}\uffff`);
		const [kept, keys, held, generation, unsent, unsentKeys] = await Promise.all([
			done<Uint8Array[]>(updates.getAll()),
			done(updates.getAllKeys()),
			done<Held | undefined>(notes.get(HELD)),
			done<string | undefined>(notes.get(GENERATION)),
			done<Uint8Array[]>(notes.getAll(range)),
			done(notes.getAllKeys(range))
		]);
		Y.transact(
			this.#doc,
			() => [...kept, ...unsent].forEach((bytes) => Y.applyUpdate(this.#doc, bytes)),
			origin
		);
		unsent.forEach((update, index) => this.#unsent.set(String(unsentKeys[index]), update));
		this.#held = held;
		this.#generation = generation;
		this.#covered = keys;
		if (this.#isClosed) return db.close();
		this.#db = db;
		if (keys.length > ONE_BY_ONE) this.#makeOne();
	}

	#stores(db: IDBDatabase, mode: IDBTransactionMode): [updates: IDBObjectStore, notes: IDBObjectStore] {
		const transaction = db.transaction([UPDATES, NOTES], mode);
		transaction.onabort = () => (this.#isBroken = true);
		return [transaction.objectStore(UPDATES), transaction.objectStore(NOTES)];
	}

	#write(work: (updates: IDBObjectStore, notes: IDBObjectStore) => void): void {
		if (!this.#db) return;
		try {
			work(...this.#stores(this.#db, 'readwrite'));
		} catch {
			this.#isBroken = true; // closed by the browser, or by a tab of a later version
		}
	}

	/** Keeps an update of the server. */
	keep(update: Uint8Array): void {
		this.#write((updates) => this.#add(updates, update));
	}

	/** Keeps an edit of this tab, in the same transaction also as one the server has not vouched for; its key. */
	keepUnsent(update: Uint8Array): string {
		const key = UNSENT + crypto.randomUUID();
		this.#unsent.set(key, update);
		this.#write((updates, notes) => {
			notes.put(update, key);
			this.#add(updates, update);
		});
		return key;
	}

	/** The server has vouched for these. */
	forgetUnsent(keys: readonly string[]): void {
		if (keys.length === 0) return;
		for (const key of keys) this.#unsent.delete(key);
		this.#write((_, notes) => keys.forEach((key) => notes.delete(key)));
	}

	#add(updates: IDBObjectStore, update: Uint8Array): void {
		const request = updates.add(update);
		request.onsuccess = () => this.#covered.push(request.result);
	}

	#addState(updates: IDBObjectStore): void {
		this.#add(updates, Y.encodeStateAsUpdate(this.#doc));
	}

	/** Notes that everything up to an entry is in the document, and in the store with all that was kept before. */
	noteHeld(held: Held): void {
		if (this.#covered.length > ONE_BY_ONE) this.#makeOne();
		this.#write((updates, notes) => {
			const [generation, before] = [notes.get(GENERATION), notes.get(HELD)];
			before.onsuccess = () => {
				if (this.#isBroken || ((before.result as Held | undefined)?.seq ?? 0) >= held.seq) return;
				// another tab has emptied the store: what this one put there before is missing now
				if (generation.result !== this.#generation) this.#addState(updates);
				this.#generation = generation.result as string | undefined;
				notes.put(held, HELD);
			};
		});
	}

	/** Puts one update in the place of those that are in the document for certain. */
	#makeOne(): void {
		const replaced = this.#covered;
		this.#covered = [];
		this.#write((updates, notes) => {
			const generation = notes.get(GENERATION);
			generation.onsuccess = () => {
				if (generation.result !== this.#generation) return;
				this.#addState(updates);
				for (const key of replaced) updates.delete(key);
			};
		});
	}

	/** Empties the store, also under other tabs; what they have made since stays kept as unsent. */
	erase(): void {
		this.#write((updates, notes) => {
			updates.clear();
			notes.delete(HELD);
			notes.put(crypto.randomUUID(), GENERATION);
			for (const key of this.#unsent.keys()) notes.delete(key);
		});
	}

	/** Resolves when all that was to be kept so far is; @throws where it could not be */
	async whenKept(): Promise<void> {
		const [, notes] = this.#stores(this.#db!, 'readwrite'); // runs after all writes before it
		await done(notes.get(HELD));
		if (this.#isBroken) throw new Error('the browser keeps nothing');
	}

	close(): void {
		this.#isClosed = true;
		this.#db?.close();
		this.#db = undefined;
	}
}
