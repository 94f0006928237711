import type { Role } from '#domain/roles.ts';
import type { Services } from '#server/app.ts';
import { OPERATOR } from '#server/audit/who.ts';
import { onDatabase } from '../support/server-people.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { BOARD, OUTSIDER, PASSWORD, PEOPLE, type PersonKey } from './people.ts';

type Account = { email: string; name: string; org: string; role: Role };

async function addAccount({ people }: Services, { org, ...account }: Account): Promise<void> {
	await people.add({ ...account, organisationId: org, password: PASSWORD }, OPERATOR);
}

async function addMember({ boards }: Services, person: PersonKey, role: Role): Promise<void> {
	const { email } = PEOPLE[person];
	await boards.addMember(BOARD, { email, role }, { who: OPERATOR, role: 'owner' });
}

/** Gives somebody a role on the default board, while the server runs. */
export function putOnBoard(dataDir: string, person: PersonKey, role: Role): Promise<void> {
	return onDatabase({ dataDir }, (services) => addMember(services, person, role));
}

/** A real server on a fresh database, with these people on its board and the outsider on none. */
export async function startBoardServer(people: readonly PersonKey[]): Promise<ServerProcess> {
	const server = await startServer();
	await onDatabase(server, async (services) => {
		await addAccount(services, OUTSIDER);
		for (const person of people) {
			await addAccount(services, PEOPLE[person]);
			await addMember(services, person, PEOPLE[person].role);
		}
	});
	return server;
}
