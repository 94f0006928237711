import { StartError } from '#server/start-error.ts';
import { type Connection, connect, databaseKindOf } from './connect.ts';
import { findStrangeness } from './database-file.ts';
import { type FileLock, lockFile } from './file-lock.ts';
import { migrate } from './migrate.ts';

/** Without the password in it. */
const shownUrl = (url: string) => url.replace(/\/\/[^@/]*@/, '//…@');
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Opens the database of a `DATABASE_URL` and brings it to this program's schema.
 * @throws {StartError} saying what is wrong with the file or server
 */
export async function openDatabase(url: string): Promise<Connection> {
	const shown = shownUrl(url);
	const strangeness = databaseKindOf(url) === 'sqlite' ? findStrangeness(url.replace(/^sqlite:/, '')) : null;
	if (strangeness) throw new StartError(`the database ${shown} ${strangeness}`);
	let connection: Connection;
	try {
		connection = connect(url);
	} catch (error) {
		throw new StartError(`cannot open the database ${shown}: ${reasonOf(error)}`);
	}
	try {
		await migrate(connection);
	} catch (error) {
		await connection.db.destroy();
		const isNewer = /previously executed migration .* is missing/.test(reasonOf(error));
		throw new StartError(
			isNewer
				? `the database ${shown} was changed by a newer version of this program; start that one`
				: `cannot prepare the database ${shown}: ${reasonOf(error)}`
		);
	}
	return connection;
}

/**
 * Makes sure that a server can write what it will have to.
 * @throws {StartError} naming the database
 */
export async function assertWritable({ db }: Connection, url: string): Promise<void> {
	try {
		await db.updateTable('board').set({ title: '' }).where('id', '=', '').execute(); // no board has that id
	} catch (error) {
		throw new StartError(`cannot write to the database ${shownUrl(url)}: ${reasonOf(error)}`);
	}
}

/**
 * Makes this process the only server on an SQLite file, until it releases the lock or ends; other databases need none.
 * @throws {StartError} if another server has it
 */
export function claimDatabase(url: string): FileLock | undefined {
	const path = url.replace(/^sqlite:/, '');
	if (databaseKindOf(url) !== 'sqlite' || path === ':memory:') return undefined;
	let lock: FileLock | undefined;
	try {
		lock = lockFile(`${path}.lock`);
	} catch (error) {
		throw new StartError(`cannot lock ${path}: ${reasonOf(error)}`);
	}
	if (lock) return lock;
	throw new StartError(
		`another server is running on ${path}; stop it first, or set DATA_DIR to another folder`
	);
}
