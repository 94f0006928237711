import { afterEach, beforeEach, expect, test } from 'vitest';
import { setTitle } from '#doc/mutators.ts';
import { KIND_CODES } from '#server/database/change-kinds.ts';
import type { Connection } from '#server/database/connect.ts';
import type { Services } from '#server/app.ts';
import { findTerms } from '#server/history/change-terms.repository.ts';
import { PastSessions } from '#server/history/past-sessions.ts';
import type { Step } from './edits.ts';
import { play } from './play.ts';
import { openServices } from './services.ts';

let services: Services;
let connection: Connection;
beforeEach(async () => ({ services, connection } = await openServices()));
afterEach(() => connection.db.destroy());

const HOURS_MS = 3 * 60 * 60_000;
/** Two working sessions. */
const steps: Step[] = ['一', '二'].flatMap((title): Step[] => [
	{ do: 'edit', by: 'mei', write: (doc) => setTitle(doc, title) },
	{ do: 'commit' },
	{ do: 'wait', ms: HOURS_MS }
]);

/** Fills in what is missing; the boards whose history was derived again. */
async function fill(): Promise<string[]> {
	const { journal, history } = services;
	const derived: string[] = [];
	const rebuild = async (boardId: string) => {
		derived.push(boardId);
		await history.rebuild(boardId);
	};
	const log = { info: () => {}, warn: () => {}, error: () => {} };
	await new PastSessions({ db: connection.db, journal, history: { rebuild }, log }).fill();
	return derived;
}

const sessionsOf = async (boardId: string) =>
	(await services.history.list(boardId, { kind: 'session-begun,session-ended' })).changes;

test('sessions of before are found on a board whose history does not tell of them, once', async () => {
	const [old, fresh] = [await play(connection.db, steps), await play(connection.db, steps)];
	const told = await sessionsOf(old.id);
	expect(told.map(({ kind }) => kind)).toEqual(['session-begun', 'session-ended', 'session-begun']);
	const { board } = await findTerms(connection.db, old.id);
	const kinds = [KIND_CODES['session-begun'], KIND_CODES['session-ended']];
	await connection.db.deleteFrom('change').where('board', '=', board).where('kind', 'in', kinds).execute();
	expect(await sessionsOf(old.id)).toEqual([]);
	expect(await fill()).toEqual([old.id]);
	expect(await sessionsOf(old.id)).toEqual(told);
	expect(await sessionsOf(fresh.id)).toHaveLength(3);
	expect(await fill()).toEqual([]);
});
