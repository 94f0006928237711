import * as Y from 'yjs';
import { setField } from '../src/doc/mutators.ts';
import { SYNC } from '../src/protocol/message.ts';
import { projectId, projectUpdates } from './board-state.ts';
import type { Contender } from './contender.ts';
import { Histogram } from './histogram.ts';
import { LoadClient, updateIn } from './load-client.ts';
import { cpuMs } from './process-figures.ts';
import { pause } from './pause.ts';

const TICK_MS = 5;
const SETTLE_MS = 1_500;
/** Before a measured stretch, so that what is counted is the steady state. */
const WARM_UP_MS = 1_000;
/** Different frames remembered: all in a room get the same one, and it is looked into once. */
const FRAMES_KEPT = 2_000;

export interface FanOutFigures {
	offeredPerSecond: number;
	deliveredPerSecond: number;
	cpuUsPerDelivery: number;
	p50Ms: number;
	p99Ms: number;
}

interface Sender {
	client: LoadClient;
	doc: Y.Doc;
	own: Set<number>;
}

/** People in rooms who each set a figure of their own project, and all see each other's. */
export class FanOut {
	readonly #contender: Contender;
	readonly #senders: Sender[] = [];
	readonly #sentAt: number[] = [];
	readonly #frames = new Map<string, number[]>();
	#latency = new Histogram();
	#turn = 0;
	#delivered = 0;

	constructor(contender: Contender) {
		this.#contender = contender;
	}

	/** Opens `rooms` rooms with `people` connections each, and gives everybody a project. */
	async open(rooms: number, people: number): Promise<void> {
		const names = Array.from({ length: rooms }, (_, index) => `room-${index}`);
		await this.#contender.makeRooms(names);
		for (const [index, room] of names.entries()) await this.#openRoom(room, people, index * people);
		await pause(SETTLE_MS);
	}

	async #openRoom(room: string, people: number, firstClient: number): Promise<void> {
		const clients = Array.from(
			{ length: people },
			(_, index) => new LoadClient(this.#contender, room, firstClient + index)
		);
		const [state = new Uint8Array()] = await Promise.all(clients.map((client) => client.join()));
		const full = new Y.Doc();
		Y.applyUpdate(full, state);
		for (const update of projectUpdates(state, people)) {
			Y.applyUpdate(full, update);
			clients[0]!.sendUpdate(update);
		}
		const complete = Y.encodeStateAsUpdate(full);
		for (const client of clients) this.#add(client, complete);
	}

	#add(client: LoadClient, state: Uint8Array): void {
		const doc = new Y.Doc();
		Y.applyUpdate(doc, state);
		const sender: Sender = { client, doc, own: new Set() };
		doc.on('update', (update: Uint8Array) => client.sendUpdate(update));
		client.onFrame = (frame) => this.#receive(sender, frame);
		this.#senders.push(sender);
	}

	/** The numbers of the edits in a frame; their amounts are their numbers. */
	#editsIn(frame: Uint8Array): number[] {
		const key = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('latin1');
		const known = this.#frames.get(key);
		if (known) return known;
		const sync = updateIn(frame);
		const edits: number[] = [];
		if (sync?.kind === SYNC.update) {
			for (const struct of Y.decodeUpdate(sync.update).structs) {
				if (struct instanceof Y.Item && struct.content instanceof Y.ContentAny)
					edits.push(...struct.content.arr.map(Number));
			}
		}
		if (this.#frames.size >= FRAMES_KEPT) this.#frames.clear();
		this.#frames.set(key, edits);
		return edits;
	}

	#receive(sender: Sender, frame: Uint8Array): void {
		const now = performance.now();
		for (const edit of this.#editsIn(frame)) {
			if (sender.own.has(edit)) continue;
			const sentAt = this.#sentAt[edit];
			if (sentAt === undefined) continue;
			this.#delivered += 1;
			this.#latency.add(now - sentAt);
		}
	}

	#sendOne(): void {
		const index = this.#turn++ % this.#senders.length;
		const { doc, own } = this.#senders[index]!;
		const people = this.#senders.length;
		const edit = this.#sentAt.length;
		own.add(edit);
		this.#sentAt.push(performance.now());
		const project = projectId(index % Math.max(1, Math.min(people, doc.getMap('projects').size)));
		setField(doc, { projectId: project, field: 'totalInvestmentYuan', value: edit });
	}

	async #sendFor(ms: number, perSecond: number): Promise<void> {
		const startedAt = performance.now();
		let sent = 0;
		for (let now = startedAt; now - startedAt < ms; now = performance.now()) {
			const due = Math.floor(((now - startedAt) / 1_000) * perSecond);
			for (; sent < due; sent++) this.#sendOne();
			await pause(TICK_MS);
		}
	}

	/** Sends so many edits that `offered` deliveries a second are due, for a while. */
	async measure(offered: number, people: number, ms: number): Promise<FanOutFigures> {
		const perSecond = offered / (people - 1);
		await this.#sendFor(WARM_UP_MS, perSecond);
		this.#latency = new Histogram();
		this.#delivered = 0;
		const cpuBefore = cpuMs(this.#contender.pid);
		const startedAt = performance.now();
		await this.#sendFor(ms, perSecond);
		const seconds = (performance.now() - startedAt) / 1_000;
		const cpu = cpuMs(this.#contender.pid) - cpuBefore;
		const figures = {
			offeredPerSecond: offered,
			deliveredPerSecond: this.#delivered / seconds,
			cpuUsPerDelivery: (cpu * 1_000) / this.#delivered,
			p50Ms: this.#latency.percentile(0.5),
			p99Ms: this.#latency.percentile(0.99)
		};
		await pause(SETTLE_MS);
		return figures;
	}

	close(): void {
		for (const { client } of this.#senders) client.close();
	}
}
