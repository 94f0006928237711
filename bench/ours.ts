import { encodeHello, PROTOCOL_VERSION } from '../src/protocol/message.ts';
import { DEMO_PASSWORD } from '../server/demo/demo.service.ts';
import { HttpClient } from '../tests/support/http-client.ts';
import { startServer, tongchou, type ServerProcess } from '../tests/support/server-process.ts';
import type { Contender } from './contender.ts';

/** The people of a demonstration who may edit, and all of them; each may have 50 sockets. */
const EDITORS = ['km', 'yx', 'qj', 'cx', 'hh', 'province', 'owner'].map((name) => `${name}@demo.example`);
const OTHERS = ['comments', 'viewer', 'audit'].map((name) => `${name}@demo.example`);
const SOCKETS_PER_PERSON = 50;

/** Ours has a history that can be asked. */
export interface Ours extends Contender {
	/** Asks the HTTP interface as an owner, and reads the whole answer. @throws if it is a refusal */
	get(path: string): Promise<string>;
	restart(signal: NodeJS.Signals): Promise<Ours>;
	/** Runs `npx tongchou` on its data. @throws if that fails */
	command(args: string[]): Promise<void>;
	/** Ends it, so that others may have its database, and starts it again. */
	pause(): Promise<void>;
	goOn(): Promise<Ours>;
}

/**
 * Our server with the limits of production. `hello`: its clients speak as the board page does.
 * @param databaseUrl instead of a file of its own
 */
export async function startOurs({
	hello,
	databaseUrl
}: {
	hello: boolean;
	databaseUrl?: string;
}): Promise<Ours> {
	const env = { LOG_LEVEL: 'error', ...(databaseUrl && { DATABASE_URL: databaseUrl }) };
	const server = await startServer({ args: ['--demo'], env });
	const tokens: string[] = [];
	for (const email of [...EDITORS, ...OTHERS]) {
		const { stdout } = await tongchou(server.dataDir, ['token', 'create', '--email', email], '', env);
		tokens.push(stdout.trim());
	}
	const cookies = hello ? await signIn(server, [...EDITORS, ...OTHERS]) : [];
	return contender(server, { tokens, cookies, hello, env });
}

async function signIn({ origin }: ServerProcess, emails: readonly string[]): Promise<string[]> {
	const cookies: string[] = [];
	for (const email of emails) {
		const browser = new HttpClient(origin);
		const { status } = await browser.signIn(email, DEMO_PASSWORD);
		if (status !== 200) throw new Error(`sign-in of ${email}: ${status}`);
		cookies.push(browser.cookieHeader);
	}
	return cookies;
}

interface Setup {
	tokens: readonly string[];
	/** What browsers come with, person by person. */
	cookies: readonly string[];
	hello: boolean;
	env: Record<string, string>;
}

function contender(server: ServerProcess, setup: Setup): Ours {
	const { tokens, cookies, hello, env } = setup;
	const owner = { authorization: `Bearer ${tokens[EDITORS.indexOf('owner@demo.example')]}` };
	const credentials = (person: number): Record<string, string> =>
		hello
			? { cookie: cookies[person]!, origin: server.origin }
			: { authorization: `Bearer ${tokens[person]}` };
	const post = async (path: string, body: object) => {
		const headers = { ...owner, 'content-type': 'application/json' };
		const response = await fetch(server.origin + path, {
			method: 'POST',
			headers,
			body: JSON.stringify(body)
		});
		if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
	};
	return {
		name: hello ? 'Tongchou, hello' : 'Tongchou',
		pid: server.pid,
		async makeRooms(rooms) {
			for (const id of rooms) {
				await post('/api/boards', { id, title: id, template: 'stages' });
				for (const email of EDITORS) await post(`/api/boards/${id}/members`, { email, role: 'planner' });
				for (const email of OTHERS) await post(`/api/boards/${id}/members`, { email, role: 'viewer' });
			}
		},
		entrance: (room, client) => ({
			url: `${server.origin.replace('http', 'ws')}/sync/${room}`,
			headers: credentials(Math.floor(client / SOCKETS_PER_PERSON) % tokens.length)
		}),
		wrap: (_room, frame) => frame,
		unwrap: (frame) => frame,
		greeting: (_room, copy) =>
			hello ? [encodeHello({ version: PROTOCOL_VERSION, epoch: 1, seq: 0, ...copy })] : [],
		async restart(signal) {
			await server.stop(signal);
			return this.goOn();
		},
		async command(args) {
			const { code, stderr } = await tongchou(server.dataDir, args, '', env);
			if (code !== 0) throw new Error(stderr);
		},
		pause: async () => void (await server.stop('SIGTERM')),
		async goOn() {
			return contender(await startServer({ args: ['--demo'], dataDir: server.dataDir, env }), setup);
		},
		async get(path) {
			const response = await fetch(server.origin + path, { headers: owner });
			const text = await response.text();
			if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
			return text;
		},
		stop: async () => void (await server.stop('SIGKILL'))
	};
}
