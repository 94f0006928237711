import { afterAll, expect, test } from 'vitest';
import { setField } from '#doc/mutators.ts';
import { startPostgresOrSay } from '../support/postgres.ts';
import { AttackedServer } from './attacked-server.ts';

/** How long the database stands still at least; what is asked for meanwhile is the same after a moment. */
const STALL_MS = Number(process.env.STALL_MS ?? 0);
/** Long enough that everything that was to happen in the meantime has. */
const ROUND_TRIPS = 50;

const postgres = await startPostgresOrSay();
afterAll(() => postgres?.stop());

test.skipIf(!postgres)(
	'a database that stands still: nothing is acked or shown, the program answers, and it heals by itself',
	async () => {
		const attacked = await AttackedServer.start({ databaseUrl: await postgres!.createDatabase() });
		const { origin } = attacked.server;
		const [one, two] = [await attacked.join(), await attacked.join(attacked.coordinator)];
		const { id = '', name = '' } = one.board.projects[0] ?? {};
		await Promise.all([one.saved(), two.saved()]);

		postgres!.halt();
		one.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '等着' }));
		const from = performance.now();
		for (let trips = 0; trips < ROUND_TRIPS || performance.now() - from < STALL_MS; trips++)
			expect((await fetch(`${origin}/healthz`)).status).toBe(200);
		expect((await fetch(`${origin}/readyz`)).status).toBe(503);
		expect(one.acked).toBe(one.sent - 1);
		expect(two.nameOf(id)).toBe(name);
		postgres!.goOn();

		await one.saved();
		await two.shows(id, '等着');
		expect((await fetch(`${origin}/readyz`)).status).toBe(200);
		await attacked.under(() => Promise.resolve());
		for (const peer of [one, two]) peer.leave();
		expect(await attacked.stop()).toBe(0);
	},
	120_000
);
