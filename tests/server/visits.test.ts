import { afterAll, beforeAll, expect, test } from 'vitest';
import { VisitService } from '#server/boards/visit.service.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';

let connection: Connection;
let visits: VisitService;
beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
	visits = new VisitService(connection.db);
});
afterAll(() => connection.db.destroy());

const at = (time: string) => new Date(`2026-05-20T${time}Z`);

test('who comes back after a while is told when they were last here, for as long as they stay', async () => {
	const note = (time: string) => visits.note('b', 'mei', at(time));
	expect(await note('08:00:00')).toBeNull();
	expect(await note('08:29:00')).toBeNull();
	expect(await note('08:58:00')).toBeNull();
	expect(await note('09:28:01')).toBe('2026-05-20T08:58:00.000Z');
	expect(await note('09:40:00')).toBe('2026-05-20T08:58:00.000Z');
	expect(await note('10:30:00')).toBe('2026-05-20T09:40:00.000Z');
	expect(await note('10:30:30')).toBe('2026-05-20T09:40:00.000Z');
});

test('everybody has visits of their own to each board', async () => {
	await visits.note('b', 'bo', at('08:00:00'));
	expect(await visits.note('other', 'bo', at('12:00:00'))).toBeNull();
	expect(await visits.note('b', 'lan', at('12:00:00'))).toBeNull();
	expect(await visits.note('b', 'bo', at('12:00:00'))).toBe('2026-05-20T08:00:00.000Z');
});
