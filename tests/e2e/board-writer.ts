import { randomUUID } from 'node:crypto';
import { BoardPeer } from '../support/board-peer.ts';
import { tongchou } from '../support/server-process.ts';
import { origin } from './fixtures.ts';
import { BOARD, PASSWORD, PEOPLE, type PersonKey } from './people.ts';

const tokens = new Map<string, string>();

/** Runs `npx tongchou` beside the server under test; what it printed. */
export async function tongchouOnServer(args: string[], input?: string): Promise<string> {
	const { code, stdout, stderr } = await tongchou(process.env.TONGCHOU_DATA_DIR ?? '', args, input);
	if (code !== 0) throw new Error(`tongchou ${args.join(' ')} ended with ${code}: ${stderr}`);
	return stdout.trim();
}

async function tokenOf(email: string): Promise<string> {
	const token = tokens.get(email) ?? (await tongchouOnServer(['token', 'create', '--email', email]));
	tokens.set(email, token);
	return token;
}

async function joinAs(email: string): Promise<BoardPeer> {
	return BoardPeer.join({ origin: origin() }, BOARD, { token: await tokenOf(email) });
}

/** Somebody who edits the board from a program of their own. */
export function joinBoard(person: PersonKey): Promise<BoardPeer> {
	return joinAs(PEOPLE[person].email);
}

/** Somebody who has an account and a place on the board since this moment. */
export async function joinAsNewcomer(name: string): Promise<BoardPeer> {
	const email = `${randomUUID()}@qj.example.cn`;
	const account = ['--email', email, '--name', name, '--org', 'org-km-zhengfu', '--role', 'planner'];
	await tongchouOnServer(['user', 'add', ...account, '--password-stdin'], PASSWORD);
	await tongchouOnServer(['member', 'add', '--board', BOARD, '--email', email, '--role', 'planner']);
	return joinAs(email);
}
