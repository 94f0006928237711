import { randomUUID } from 'node:crypto';
import { runCommand } from '#server/cli/run-command.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { addUser, tokenOf } from '../support/server-people.ts';
import { origin } from './fixtures.ts';
import { BOARD, PEOPLE, type PersonKey } from './people.ts';

const tokens = new Map<string, string>();

/** The server's data, on which a test works as the command line does. */
const underTest = () => ({ dataDir: process.env.TONGCHOU_DATA_DIR ?? '' });

/** Does what `npx tongchou` does beside the server under test, without the second a process takes to start. */
export async function tongchouOnServer(args: string[]): Promise<void> {
	const { dataDir } = underTest();
	const surroundings = { env: { DATA_DIR: dataDir }, readStandardInput: () => Promise.resolve('') };
	const { code, error } = await runCommand(args, surroundings);
	if (code !== 0) throw new Error(`tongchou ${args.join(' ')} ended with ${code}: ${error}`);
}

async function tokenFor(email: string): Promise<string> {
	const token = tokens.get(email) ?? (await tokenOf(underTest(), email));
	tokens.set(email, token);
	return token;
}

async function joinAs(email: string): Promise<BoardPeer> {
	return BoardPeer.join({ origin: origin() }, BOARD, { token: await tokenFor(email) });
}

/** Somebody who edits the board from a program of their own. */
export function joinBoard(person: PersonKey): Promise<BoardPeer> {
	return joinAs(PEOPLE[person].email);
}

/** Somebody who has an account and a place on the board since this moment. */
export async function joinAsNewcomer(name: string): Promise<BoardPeer> {
	const email = `${randomUUID()}@qj.example.cn`;
	const organisationId = 'org-km-zhengfu';
	await addUser(underTest(), { email, name, organisationId, role: 'planner', boardRole: 'planner' });
	return joinAs(email);
}
