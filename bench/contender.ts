import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../tests/support/server-process.ts';

/** What a client that keeps copies has of a board: everything up to an entry, or nothing (seq 0). */
export interface Copy {
	epoch: number;
	seq: number;
	mark: string;
}

/** A server under measurement, as the load client speaks to it. */
export interface Contender {
	readonly name: string;
	readonly pid: number;
	/** Makes rooms that can be joined. */
	makeRooms(rooms: readonly string[]): Promise<void>;
	/** Where and as whom the n-th client joins a room. */
	entrance(room: string, client: number): { url: string; headers: Record<string, string> };
	/** A y-websocket frame as this server wants it, and back; undefined = a frame of no interest. */
	wrap(room: string, frame: Uint8Array): Uint8Array;
	unwrap(frame: Uint8Array): Uint8Array | undefined;
	/** Frames that come before any other; a copy is for servers that ask for one. */
	greeting(room: string, copy?: Copy): Uint8Array[];
	/** Ends it by a signal, and starts it again on the same data. */
	restart(signal: NodeJS.Signals): Promise<Contender>;
	stop(): Promise<void>;
}

export type StartContender = () => Promise<Contender>;

const POLL_MS = 50;
const START_TIMEOUT_MS = 30_000;

/** Waits until something listens on a port of this machine. */
async function untilAnswering(port: number, child: ChildProcess): Promise<void> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (Date.now() < deadline && child.exitCode === null) {
		const answered = await fetch(`http://127.0.0.1:${port}/`).then(
			() => true,
			() => false
		);
		if (answered) return;
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
	child.kill('SIGKILL');
	throw new Error(`a server did not answer (exit code ${child.exitCode})`);
}

interface PeerOptions {
	name: string;
	/** Path of its program from this folder. */
	program: string;
	env?: (dir: string) => Record<string, string>;
	speech?: Pick<Contender, 'wrap' | 'unwrap' | 'greeting'>;
}

const PLAIN: Pick<Contender, 'wrap' | 'unwrap' | 'greeting'> = {
	wrap: (_room, frame) => frame,
	unwrap: (frame) => frame,
	greeting: () => []
};

/** Starts a peer as a process of its own on an empty folder, or again on the folder it had. */
export async function startPeer(options: PeerOptions, dir?: string): Promise<Contender> {
	const folder = dir ?? mkdtempSync(join(tmpdir(), 'tongchou-bench-'));
	const port = await freePort();
	const child = spawn(process.execPath, [join(import.meta.dirname, options.program)], {
		env: {
			...process.env,
			HOST: '127.0.0.1',
			PORT: String(port),
			DIR: folder,
			NODE_ENV: 'production',
			...options.env?.(folder)
		},
		stdio: ['ignore', 'ignore', 'inherit']
	});
	await untilAnswering(port, child);
	const end = async (signal: NodeJS.Signals) => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill(signal);
		await once(child, 'exit');
	};
	return {
		name: options.name,
		pid: child.pid!,
		makeRooms: () => Promise.resolve(),
		entrance: (room) => ({ url: `ws://127.0.0.1:${port}/${room}`, headers: {} }),
		...(options.speech ?? PLAIN),
		async restart(signal) {
			await end(signal);
			return startPeer(options, folder);
		},
		stop: () => end('SIGKILL')
	};
}
