import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { setField } from '#doc/mutators.ts';
import { encodeSync, SYNC } from '#protocol/message.ts';
import { BOARD } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { AttackedServer } from './attacked-server.ts';

const MOVABLE_CLOCK = join(import.meta.dirname, '../support/movable-clock.ts');

interface Row {
	seq: number;
	at: string;
	after: unknown;
}

test('a clock set back by an hour: nobody is cut off, edits keep their order, limits hold, and the record is sound', async () => {
	const attacked = await AttackedServer.start({ preloads: [MOVABLE_CLOCK] });
	const ask = async (path: string) => {
		const headers = { authorization: `Bearer ${attacked.viewer.token}` };
		return (await fetch(`${attacked.server.origin}/api/boards/${BOARD}${path}`, { headers })).json();
	};
	const rowsOf = async (id: string) =>
		((await ask(`/changes?project=${id}&field=name&limit=3`)) as { changes: Row[] }).changes;
	const editor = await attacked.join(attacked.coordinator);
	const { id = '' } = editor.board.projects[1] ?? {};
	const rename = async (value: string) => {
		editor.edit((doc) => setField(doc, { projectId: id, field: 'name', value }));
		await editor.saved();
	};
	await rename('之前');
	const { seq } = editor.at;
	const [before] = await rowsOf(id);

	await attacked.under(async () => {
		process.kill(attacked.server.pid, 'SIGHUP');
		await until('the clock has gone back', async () => {
			await rename('之后');
			await rename('最后');
			return (await rowsOf(id))[0]!.at < before!.at;
		});
		const flood = await attacked.open();
		for (let client = 1; client <= 200; client++)
			flood.send(encodeSync(SYNC.step1, Y.encodeStateVector(new Map([[client, 1]]))));
		expect(await flood.closeCode()).toBe(4429);
	});

	const rows = await rowsOf(id);
	expect(rows.map(({ after }) => after)).toEqual(['最后', '之后', expect.any(String)]);
	expect(rows.map((row) => row.seq)).toEqual(rows.map((row) => row.seq).toSorted((a, b) => b - a));
	const then = (await ask(`?at=${seq}`)) as { projects: { id: string; name: string }[] };
	expect(then.projects.find((project) => project.id === id)?.name).toBe('之前');
	expect(await ask('/verify')).toMatchObject({ ok: true });
	expect(editor.raw.closed).toBeUndefined();
	editor.leave();
	expect(await attacked.stop()).toBe(0);
}, 120_000);
