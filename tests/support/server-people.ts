import type { Role } from '#domain/roles.ts';
import { createServices, type Services } from '#server/app.ts';
import { OPERATOR } from '#server/audit/who.ts';
import { readConfig } from '#server/config.ts';
import { openDatabase } from '#server/database/open.ts';
import { type ServerProcess, tongchou } from './server-process.ts';

/** The password of everybody in these tests. */
export const PASSWORD = 'a-long-test-password';
type Server = Pick<ServerProcess, 'dataDir'>;

/** Works on a server's database from outside, as the command line does, without the time a process takes to start. */
export async function onDatabase<T>(
	{ dataDir }: Server,
	work: (services: Services) => Promise<T>
): Promise<T> {
	const config = readConfig({ DATA_DIR: dataDir });
	const connection = await openDatabase(config.databaseUrl);
	try {
		return await work(await createServices(config, connection));
	} finally {
		await connection.db.destroy();
	}
}

/** Makes an account; `boardRole` puts it on the default board as well. @returns its id */
export function addUser(
	server: Server,
	person: { email: string; role: Role; name?: string; organisationId?: string; boardRole?: Role }
): Promise<string> {
	const { email, role, name = '某人', organisationId = 'org-km-fagaiwei', boardRole } = person;
	return onDatabase(server, async ({ people, boards }) => {
		const account = { email, name, organisationId, role, password: PASSWORD };
		const { id } = await people.add(account, OPERATOR);
		const member = { email, role: boardRole ?? role };
		if (boardRole) await boards.addMember('dianzhong', member, { who: OPERATOR, role: 'owner' });
		return id;
	});
}

/** A bearer token of somebody. */
export function tokenOf(server: Server, email: string): Promise<string> {
	return onDatabase(server, async ({ authService, people }) =>
		authService.createToken(await people.getByEmail(email), OPERATOR)
	);
}

/** Runs a command that must work, and returns what it found as JSON. @throws with what it said */
export async function command<T = unknown>(server: Server, args: readonly string[], input = ''): Promise<T> {
	const { code, stdout, stderr } = await tongchou(server.dataDir, [...args, '--json'], input);
	if (code !== 0) throw new Error(`tongchou ${args.join(' ')} ended with ${code}: ${stderr}`);
	return JSON.parse(stdout) as T;
}
