import { readConfig } from '#server/config.ts';
import { SYSTEM } from '#server/audit/who.ts';
import { createServices, type Services } from '#server/app.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';

/** The program's services on a database of their own, by default in memory, with the organisations of the portfolio. */
export async function openServices(
	url = 'sqlite::memory:'
): Promise<{ services: Services; connection: Connection }> {
	const config = readConfig({ DATABASE_URL: url, AUTH_SECRET: 'x'.repeat(32), LOG_LEVEL: 'silent' });
	const connection = await openDatabase(url);
	const services = await createServices(config, connection);
	await services.organisations.addFrom(services.portfolio);
	return { services, connection };
}

/** Makes an account and returns its id. */
export async function addPerson(services: Services, name: string, organisationId: string): Promise<string> {
	const email = `${encodeURIComponent(name).replaceAll('%', '').toLowerCase()}@example.cn`;
	const password = 'a-long-test-password';
	return (await services.people.add({ email, name, organisationId, role: 'planner', password }, SYSTEM)).id;
}
