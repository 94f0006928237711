/** Hocuspocus as its documentation sets it up, with its state kept in SQLite. */
import { DatabaseSync } from 'node:sqlite';
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';

const db = new DatabaseSync(`${process.env.DIR}/hocuspocus.sqlite`);
db.exec('CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, data BLOB NOT NULL)');
const select = db.prepare('SELECT data FROM documents WHERE name = ?');
const upsert = db.prepare(
	'INSERT INTO documents (name, data) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data'
);

const server = new Server({
	port: Number(process.env.PORT),
	address: '127.0.0.1',
	quiet: true,
	extensions: [
		new Database({
			fetch: async ({ documentName }) =>
				(select.get(documentName) as { data: Uint8Array } | undefined)?.data ?? null,
			store: async ({ documentName, state }) => void upsert.run(documentName, state)
		})
	]
});
await server.listen();
