import { type ServerProcess, startServer, tongchou } from '../support/server-process.ts';
import { BOARD, OUTSIDER, PASSWORD, PEOPLE, type PersonKey } from './people.ts';

async function run(dataDir: string, args: string[], input?: string): Promise<void> {
	const { code, stderr } = await tongchou(dataDir, args, input);
	if (code !== 0) throw new Error(`tongchou ${args.join(' ')} ended with ${code}: ${stderr}`);
}

type Account = { email: string; name: string; org: string; role: string };

function addAccount(dataDir: string, { email, name, org, role }: Account): Promise<void> {
	const options = ['--email', email, '--name', name, '--org', org, '--role', role];
	return run(dataDir, ['user', 'add', ...options, '--password-stdin'], PASSWORD);
}

/** Gives somebody a role on the default board, while the server runs. */
export function putOnBoard(dataDir: string, person: PersonKey, role: string): Promise<void> {
	return run(dataDir, ['member', 'add', '--board', BOARD, '--email', PEOPLE[person].email, '--role', role]);
}

/** A real server on a fresh database, with these people on its board and the outsider on none. */
export async function startBoardServer(people: readonly PersonKey[]): Promise<ServerProcess> {
	const server = await startServer();
	await addAccount(server.dataDir, OUTSIDER);
	for (const person of people) {
		await addAccount(server.dataDir, PEOPLE[person]);
		await putOnBoard(server.dataDir, person, PEOPLE[person].role);
	}
	return server;
}
