import { afterAll, beforeAll, expect, test } from 'vitest';
import { setField } from '#doc/mutators.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { startingPoints } from '#server/history/starting-points.ts';
import type { Step } from './edits.ts';
import { play } from './play.ts';

let connection: Connection;
beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
});
afterAll(() => connection.db.destroy());

const MINUTE_MS = 60_000;
const wait = (ms: number): Step => ({ do: 'wait', ms });
const rename = (value: string): Step => ({
	do: 'edit',
	by: 'mei',
	write: (doc) => setField(doc, { projectId: 'p0', field: 'name', value })
});

/** The board is made on 20 May 2024 at 16:00 in China. */
async function pointsAfter(steps: Step[], { visitAt = null as string | null, now = '' }) {
	const { journal, id, firstSeq } = await play(connection.db, steps);
	const points = await startingPoints(journal, id, { visitAt, now: new Date(now) });
	return { points: points.map(({ kind, from }) => [kind, from]), firstSeq };
}

test('moments before the board was there are left out', async () => {
	const { points } = await pointsAfter([], { visitAt: '2024-05-19T00:00:00Z', now: '2024-05-20T08:30:00Z' });
	expect(points).toEqual([['beginning', '2024-05-20T08:00:00.000Z']]);
});

test('days are those of China', async () => {
	const { points } = await pointsAfter([], {
		visitAt: '2024-05-28T09:00:00.000Z',
		now: '2024-06-10T17:00:00Z'
	});
	expect(points).toEqual([
		['visit', '2024-05-28T09:00:00.000Z'],
		['today', '2024-06-10T16:00:00.000Z'],
		['week', '2024-06-04T16:00:00.000Z'],
		['month', '2024-05-31T16:00:00.000Z'],
		['beginning', '2024-05-20T08:00:00.000Z']
	]);
});

test('a working session begins where nobody had changed anything for an hour', async () => {
	const steps = [
		wait(61 * MINUTE_MS),
		rename('一'),
		wait(61 * MINUTE_MS),
		rename('二'),
		wait(59 * MINUTE_MS),
		rename('三')
	];
	const { points, firstSeq } = await pointsAfter(steps, { now: '2024-05-20T12:00:00Z' });
	expect(points).toEqual([
		['session', String(firstSeq + 1)],
		['beginning', '2024-05-20T08:00:00.000Z']
	]);
});
