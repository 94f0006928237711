import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setField } from '#doc/mutators.ts';
import type { Role } from '#domain/roles.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { type ServerProcess, startServer, temporaryDataDir } from '../support/server-process.ts';
import { BOARD, startSyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';

/** Memory an attack may leave behind. */
const MEMORY_LEFT_BYTES = 50 << 20;
const KIB = 1_024;
const COLLECT_GARBAGE = join(import.meta.dirname, '../support/collect-garbage.ts');

/** What three clients and the server show after an attack, and what it cost. */
export interface Aftermath {
	/** Longest time the server was busy with one thing while it went on. */
	stalledMs: number;
	memoryLeftBytes: number;
}

/** What is special about an attacked server. */
export interface AttackedOptions {
	/** Another database than a file of its own. */
	databaseUrl?: string;
	/** Modules loaded into it before it starts. */
	preloads?: readonly string[];
	env?: Record<string, string>;
}

/** The real server, two people who only want to work, and one who attacks. */
export class AttackedServer {
	readonly server: ServerProcess;
	/** The attacker: a planner like the others. */
	readonly mallory: TestPerson;
	readonly coordinator: TestPerson;
	readonly viewer: TestPerson;
	readonly #workers: BoardPeer[];
	#trips = 0;

	private constructor(
		server: ServerProcess,
		people: Record<'mallory' | 'coordinator' | 'viewer', TestPerson>,
		workers: BoardPeer[]
	) {
		this.server = server;
		this.mallory = people.mallory;
		this.coordinator = people.coordinator;
		this.viewer = people.viewer;
		this.#workers = workers;
	}

	static async start(options: AttackedOptions = {}): Promise<AttackedServer> {
		const dataDir = temporaryDataDir();
		const { databaseUrl } = options;
		const app = await startSyncApp({ dataDir, ...(databaseUrl && { databaseUrl }) });
		const add = (name: string, role: Role) => app.addPerson(name, role);
		const [mei, bo] = [await add('mei', 'planner'), await add('bo', 'coordinator')];
		const people = {
			mallory: await add('mallory', 'planner'),
			coordinator: await add('coordinator', 'coordinator'),
			viewer: await add('viewer', 'viewer')
		};
		await app.close();
		const preloads = [COLLECT_GARBAGE, ...(options.preloads ?? [])];
		const env = {
			MAX_SOCKETS_PER_USER: '1000',
			...(databaseUrl && { DATABASE_URL: databaseUrl }),
			...options.env,
			NODE_OPTIONS: preloads.map((path) => `--import=${path}`).join(' ')
		};
		const server = await startServer({ dataDir, env });
		const workers = [await BoardPeer.join(server, BOARD, mei), await BoardPeer.join(server, BOARD, bo)];
		return new AttackedServer(server, people, workers);
	}

	/** A connection that sends what the test wants. */
	open(person = this.mallory): Promise<RawClient> {
		return RawClient.open(this.server, `/${BOARD}`, person);
	}
	/** A whole client of somebody. */
	join(person = this.mallory): Promise<BoardPeer> {
		return BoardPeer.join(this.server, BOARD, person);
	}

	/** Memory of the server without its garbage, which it would keep for as long as there is room. */
	async memoryBytes(): Promise<number> {
		process.kill(this.server.pid, 'SIGUSR2');
		await this.roundTrip(); // behind the collection
		const status = readFileSync(`/proc/${this.server.pid}/status`, 'utf8');
		return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * KIB;
	}

	/** One of the workers edits, and the other is shown it. */
	async roundTrip(): Promise<void> {
		const [one, two] = this.#workers as [BoardPeer, BoardPeer];
		const { id } = one.board.projects[0]!;
		const value = `round trip ${this.#trips++}`;
		one.edit((doc) => setField(doc, { projectId: id, field: 'nameEn', value }));
		await one.saved();
		await until(
			'the round trip',
			() => two.board.projects.find((project) => project.id === id)?.nameEn === value
		);
	}

	/** Lets an attack run while others work, then looks at what is left. @throws if anybody else came to harm */
	async under(attack: () => Promise<void>): Promise<Aftermath> {
		await this.roundTrip();
		const before = await this.memoryBytes();
		await this.#stalledMs(); // the collection of garbage is not the attack's
		let isOver = false;
		const working = (async () => {
			while (!isOver) await this.roundTrip();
		})();
		try {
			await attack();
		} finally {
			isOver = true;
		}
		await working;
		const stalledMs = await this.#stalledMs();
		await this.#showsThreeTheSame();
		let memoryLeftBytes = 0;
		await until('the memory is given back', async () => {
			memoryLeftBytes = (await this.memoryBytes()) - before;
			return memoryLeftBytes < MEMORY_LEFT_BYTES;
		});
		return { stalledMs, memoryLeftBytes };
	}

	/** Since it was last asked. */
	async #stalledMs(): Promise<number> {
		const metrics = await (await fetch(`${this.server.origin}/metrics`)).text();
		return Math.round(Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(metrics)?.[1]) * 1_000);
	}

	async #showsThreeTheSame(): Promise<void> {
		const fresh = await this.join(this.viewer);
		const picture = (peer: BoardPeer) => JSON.stringify(peer.board);
		await until('three equal clients', () =>
			this.#workers.every((peer) => peer.raw.closed === undefined && picture(peer) === picture(fresh))
		);
		fresh.leave();
	}

	/** Lines of the log so far, parsed. */
	log(): Record<string, unknown>[] {
		return this.server
			.output()
			.split('\n')
			.filter((line) => line.startsWith('{'))
			.map((line) => JSON.parse(line) as Record<string, unknown>);
	}

	async stop(): Promise<number | null> {
		for (const peer of this.#workers) peer.leave();
		return this.server.stop();
	}
}
