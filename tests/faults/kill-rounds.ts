import { setTimeout as delay } from 'node:timers/promises';
import * as Y from 'yjs';
import { setEntry } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { BoardReader } from '#server/boards/board-reader.ts';
import { connect } from '#server/database/connect.ts';
import { Journal } from '#server/journal/journal.ts';
import { BoardPeer } from '../support/board-peer.ts';
import {
	freePort,
	type ServerOptions,
	type ServerProcess,
	startServer,
	temporaryDataDir,
	tongchou
} from '../support/server-process.ts';
import { BOARD, startSyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';

const EDITORS = 5;
/** Edits somebody has under way at most, as quick hands on a bad line would. */
const UNACKED_MAX = 12;
/** Members a set of a project can have, with room to spare. */
const MARKERS_MAX = 300;

/** Somebody who edits without end: each edit adds a marker of their own to a project of their own. */
interface Editor {
	name: string;
	token: string;
	doc: Y.Doc;
	peer: BoardPeer;
	/** Markers of this round, and which message brought each. */
	markers: Map<string, number>;
	edits: number;
}

/** What one kill found. */
export interface KillReport {
	edits: number;
	/** Markers that an ack had named, or that somebody else was shown, when the server died. */
	witnessed: number;
	/** Those of them that are not there after the restart: must be none. */
	lost: string[];
	/** Whether all clients and the journal ended with the same board. */
	isSame: boolean;
	/** How the editors' connections were closed. */
	closeCodes: number[];
	exitCode: number | null;
}

/** Kills a server under the hands of five editors, again and again, and compares what they saw with what is left. */
export class KillRounds {
	readonly #options: ServerOptions & { dataDir: string };
	readonly #databaseUrl: string;
	readonly #editors: Editor[] = [];
	#server: ServerProcess;

	private constructor(
		server: ServerProcess,
		options: ServerOptions & { dataDir: string },
		databaseUrl: string
	) {
		this.#server = server;
		this.#options = options;
		this.#databaseUrl = databaseUrl;
	}

	/** Starts a server with five editors on it; `options` say which. @param postgres an empty database instead of a file */
	static async start(options: ServerOptions = {}, postgres?: string): Promise<KillRounds> {
		const dataDir = temporaryDataDir();
		const databaseUrl = postgres ?? `sqlite:${dataDir}/tongchou.sqlite`;
		const people = await makePeople(dataDir, databaseUrl);
		const env = { ...options.env, DATABASE_URL: databaseUrl };
		const ownOptions = { ...options, env, dataDir, port: await freePort() };
		const rounds = new KillRounds(await startServer(ownOptions), ownOptions, databaseUrl);
		for (const { token } of people) {
			const name = `editor${rounds.#editors.length}`;
			const doc = new Y.Doc();
			const peer = await BoardPeer.join(rounds.#server, BOARD, { token }, { doc });
			rounds.#editors.push({ name, token, doc, peer, markers: new Map(), edits: 0 });
		}
		return rounds;
	}

	/** Lets everybody edit for a while, ends the server, starts it again, and compares. */
	async round(endAfterMs: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<KillReport> {
		const editing = new AbortController();
		const hands = this.#editors.map((editor, index) => edit(editor, index, editing.signal));
		await delay(endAfterMs); // the moment of the fault, not something that is waited for
		const exitCode = await this.#server.stop(signal);
		editing.abort();
		await Promise.all(hands);
		await until('all have noticed', () => this.#editors.every(({ peer }) => peer.raw.closed));
		const closeCodes = this.#editors.map(({ peer }) => peer.raw.closed!.code);
		const edits = this.#editors.reduce((sum, { markers }) => sum + markers.size, 0);
		const witnessed = this.#witnessed();

		this.#server = await startServer(this.#options);
		// before anybody brings back what they have
		const fresh = await BoardPeer.join(this.#server, BOARD, { token: this.#editors[0]!.token });
		const there = markersIn(fresh.doc);
		const lost = [...witnessed].filter((marker) => !there.has(marker));
		await this.#comeBack();
		const isSame = await this.#allShowTheSame(fresh);
		fresh.leave();
		await this.#clear();
		return { edits, witnessed: witnessed.size, lost, isSame, closeCodes, exitCode };
	}

	#witnessed(): Set<string> {
		const witnessed = new Set<string>();
		for (const { markers, peer } of this.#editors)
			for (const [marker, message] of markers) if (message <= peer.acked) witnessed.add(marker);
		for (const reader of this.#editors) {
			const shown = markersIn(reader.doc);
			for (const writer of this.#editors)
				for (const marker of writer.markers.keys())
					if (writer !== reader && shown.has(marker)) witnessed.add(marker);
		}
		return witnessed;
	}

	async #comeBack(): Promise<void> {
		for (const editor of this.#editors) {
			const { doc, peer, token } = editor;
			const hello = { epoch: peer.at.epoch, ...peer.holds };
			editor.peer = await BoardPeer.join(this.#server, BOARD, { token }, { doc, hello });
			await editor.peer.saved();
		}
	}

	async #allShowTheSame(fresh: BoardPeer): Promise<boolean> {
		const pictureOf = (doc: Y.Doc) => JSON.stringify(readBoard(doc));
		const first = this.#editors.at(-1)!.doc; // the last to come back has everybody's
		const docs = [...this.#editors.map(({ doc }) => doc), fresh.doc];
		await until('the same board', () => docs.every((doc) => pictureOf(doc) === pictureOf(first)));
		const everything = this.#editors.flatMap(({ markers }) => [...markers.keys()]);
		const there = markersIn(first);
		return (
			(await this.#storedPicture()) === pictureOf(first) && everything.every((marker) => there.has(marker))
		);
	}

	/** The board as another process reads it from the journal. */
	async #storedPicture(): Promise<string> {
		const { db } = connect(this.#databaseUrl);
		const { board } = await new BoardReader(new Journal(db)).read(BOARD);
		await db.destroy();
		return JSON.stringify(board);
	}

	/** Takes the markers away again: a set of a project has room for some hundreds only. */
	async #clear(): Promise<void> {
		for (const [index, { peer, markers }] of this.#editors.entries()) {
			peer.edit((doc) => {
				for (const key of markers.keys()) mark(doc, index, { key, value: undefined });
			});
			markers.clear();
			await peer.saved();
		}
	}

	/** Ends the server as its operator would, and checks the chain of its journal. */
	async finish(): Promise<{ exitCode: number | null; isSound: boolean }> {
		for (const { peer } of this.#editors) peer.leave();
		const exitCode = await this.#server.stop();
		const command = ['history', 'verify', '--board', BOARD];
		const verified = await tongchou(this.#options.dataDir, command, '', { DATABASE_URL: this.#databaseUrl });
		return { exitCode, isSound: verified.code === 0 };
	}
}

/** Planners on a database that the server is started on afterwards. */
async function makePeople(dataDir: string, databaseUrl: string): Promise<TestPerson[]> {
	const app = await startSyncApp({ dataDir, databaseUrl });
	const people: TestPerson[] = [];
	for (let index = 0; index < EDITORS; index++) people.push(await app.addPerson(`editor${index}`, 'planner'));
	await app.close();
	return people;
}

async function edit(editor: Editor, index: number, signal: AbortSignal): Promise<void> {
	const { peer, markers, name } = editor;
	while (!signal.aborted && !peer.raw.closed && markers.size < MARKERS_MAX) {
		const key = `${name}-${editor.edits++}`;
		markers.set(key, peer.sent + 1);
		peer.edit((doc) => mark(doc, index, { key, value: { value: editor.edits, unit: '', document: null } }));
		const isFree = () => peer.sent - peer.acked < UNACKED_MAX || peer.raw.closed || signal.aborted;
		await until('room for one more', isFree);
	}
}

/** Sets or removes a marker on the editor's own project. */
function mark(doc: Y.Doc, index: number, { key, value }: { key: string; value: unknown }): void {
	const projectId = readBoard(doc)
		.projects.map(({ id }) => id)
		.sort()[index]!;
	setEntry(doc, { projectId, field: 'figures', key, value });
}

function markersIn(doc: Y.Doc): Set<string> {
	const projects = doc.getMap('projects') as Y.Map<Y.Map<unknown>>;
	const figures = [...projects.values()].map((project) => project.get('figures'));
	return new Set(figures.flatMap((map) => (map instanceof Y.Map ? [...map.keys()] : [])));
}
