import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import type { Role } from '#domain/roles.ts';
import { type App, createApp } from '#server/app.ts';
import { readConfig } from '#server/config.ts';
import { type Connection, connect } from '#server/database/connect.ts';
import { Journal } from '#server/journal/journal.ts';
import type { SyncLimits } from '#server/sync/limits.ts';
import { createHttpServer } from '#server/web/http-server.ts';
import { freePort, temporaryDataDir } from './server-process.ts';
import { SYSTEM } from '#server/audit/who.ts';

/** The board every fresh database begins with. */
export const BOARD = 'dianzhong';
const PASSWORD = 'a-long-test-password';

/** Somebody with an account, and a bearer token of theirs. */
export interface TestPerson {
	id: string;
	email: string;
	token: string;
}

/** The real program in this process: real database, real sockets; only the pages are left out. */
export interface SyncApp {
	origin: string;
	dataDir: string;
	databaseUrl: string;
	app: App;
	/** A second connection to its database. */
	database: Connection;
	/** The journal as the second connection reads it. */
	journal: Journal;
	/** The log so far, parsed. */
	log: Record<string, unknown>[];
	/** Makes somebody who has a role on a board. */
	addPerson(name: string, role: Role, board?: string): Promise<TestPerson>;
	close(): Promise<void>;
}

export interface SyncAppOptions {
	dataDir?: string;
	databaseUrl?: string;
	limits?: Partial<SyncLimits>;
	/** Further settings by environment variable. */
	env?: Record<string, string>;
}

/** Starts the program in this process on a free port. */
export async function startSyncApp(options: SyncAppOptions = {}): Promise<SyncApp> {
	const dataDir = options.dataDir ?? temporaryDataDir();
	const port = await freePort();
	const config = readConfig({
		PORT: String(port),
		DATA_DIR: dataDir,
		DATABASE_URL: options.databaseUrl,
		...options.env
	});
	const log: Record<string, unknown>[] = [];
	const write = (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>);
	const app = await createApp(config, {
		log: pino({ level: 'info' }, { write }),
		...(options.limits && { limits: options.limits })
	});
	const { server, sync } = createHttpServer(app, (_, response) => void response.writeHead(404).end());
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const database = connect(config.databaseUrl);
	return {
		origin: config.origin,
		dataDir,
		databaseUrl: config.databaseUrl,
		app,
		database,
		journal: new Journal(database.db),
		log,
		addPerson: (name, role, board = BOARD) => addPerson(app, { name, role, board }),
		async close() {
			await sync.close();
			server.closeAllConnections();
			server.close();
			await database.db.destroy();
			await app.close();
		}
	};
}

async function addPerson(
	{ context }: App,
	{ name, role, board }: { name: string; role: Role; board: string }
): Promise<TestPerson> {
	const email = `${name}@example.cn`;
	const account = {
		email,
		name,
		organisationId: null,
		role: 'viewer' as const, // so that only the membership of the board counts
		password: PASSWORD
	};
	const person = await context.people.add(account, SYSTEM);
	await context.boards.addMember(board, { email, role }, { who: SYSTEM, role: 'owner' });
	return { id: person.id, email, token: await context.authService.createToken(person, SYSTEM) };
}

/** Signs somebody in as a browser does; the cookie header of their session. */
export async function cookieOf({ app }: SyncApp, email: string): Promise<string> {
	const response = await app.context.auth.api.signInEmail({
		body: { email, password: PASSWORD },
		asResponse: true
	});
	if (!response.ok) throw new Error(`sign-in of ${email}: ${response.status}`);
	return response.headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0])
		.join('; ');
}

/** Runs SQL on a program's SQLite file, as an operator or another process would. */
export function runSql({ databaseUrl }: Pick<SyncApp, 'databaseUrl'>, sql: string): void {
	const file = new DatabaseSync(databaseUrl.replace(/^sqlite:/, ''), { timeout: 5_000 });
	file.exec(sql);
	file.close();
}

/** Path of a file in a program's data folder. */
export function inDataDir({ dataDir }: Pick<SyncApp, 'dataDir'>, name: string): string {
	return join(dataDir, name);
}
