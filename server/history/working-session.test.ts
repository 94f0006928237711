import { expect, test } from 'vitest';
import type { RecordedChange } from '#domain/change.ts';
import { continueSession, endOf, isOver, type WorkingSession } from './working-session.ts';

/** Plays entries: minutes since noon and who made each. */
function play(...entries: [minutes: number, actorId: string][]) {
	let session: WorkingSession | undefined;
	const rows: RecordedChange[] = [];
	entries.forEach(([minutes, actorId], index) => {
		const at = new Date(Date.UTC(2026, 4, 19, 12, minutes)).toISOString();
		const next = continueSession(session, { seq: index + 1, at, actorId, rows: 2 });
		session = next.session;
		rows.push(...next.rows);
	});
	return { session, rows };
}

test('the first edit of a person begins a session; it stands behind what the edit changed', () => {
	const { rows, session } = play([0, 'system'], [10, 'mei'], [20, 'bo']);
	expect(rows).toMatchObject([{ kind: 'session-begun', seq: 2, index: 2, actorId: 'mei' }]);
	expect(session).toMatchObject({ entries: 2, people: new Set(['mei', 'bo']) });
});

test('a pause of more than an hour ends it at its last edit, with all who took part', () => {
	const { rows } = play([0, 'mei'], [60, 'bo'], [100, 'mei'], [161, 'lan']);
	expect(rows.slice(1)).toMatchObject([
		{
			kind: 'session-ended',
			seq: 3,
			index: -1,
			actorId: 'mei',
			after: { begunSeq: 1, begunAt: '2026-05-19T12:00:00.000Z', entries: 3, people: ['bo', 'mei'] }
		},
		{ kind: 'session-begun', seq: 4, actorId: 'lan' }
	]);
});

test('what the program writes neither begins a session nor keeps one going', () => {
	expect(play([0, 'system'], [90, 'system']).rows).toEqual([]);
	const { rows } = play([0, 'mei'], [50, 'system'], [100, 'mei']);
	expect(rows.map(({ kind }) => kind)).toEqual(['session-begun', 'session-ended', 'session-begun']);
	expect(rows[1]).toMatchObject({ seq: 1 });
});

test('a clock that is set back does not end it', () => {
	expect(play([120, 'mei'], [0, 'mei'], [50, 'bo']).rows).toHaveLength(1);
});

test('it is over an hour after its last edit, and not before', () => {
	const { session } = play([0, 'mei']);
	expect(isOver(session!.last, '2026-05-19T13:00:00.000Z')).toBe(false);
	expect(isOver(session!.last, '2026-05-19T13:00:00.001Z')).toBe(true);
	expect(endOf(session!).at).toBe('2026-05-19T12:00:00.000Z');
});
