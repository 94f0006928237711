import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BOARD } from '../support/sync-app.ts';
import { RawClient, UpgradeRefused } from '../support/raw-client.ts';
import { START_TIMEOUT_MS } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { AttackedServer } from './attacked-server.ts';

const SOCKETS = 10_000;
const AT_ONCE = 250;
/** What one person may have by default. */
const ALLOWED = 50;

let attacked: AttackedServer;
beforeAll(async () => {
	attacked = await AttackedServer.start({ env: { MAX_SOCKETS_PER_USER: String(ALLOWED) } });
}, START_TIMEOUT_MS);
afterAll(async () => expect(await attacked.stop()).toBe(0));

async function openAllAllowed(): Promise<void> {
	const open = await Promise.all(Array.from({ length: ALLOWED }, () => attacked.open()));
	for (const raw of open) raw.terminate();
	await placesAreFree();
}

const placesAreFree = () =>
	until('their places are free again', () =>
		attacked.open().then(
			(raw) => (raw.terminate(), true),
			() => false
		)
	);

test('ten thousand sockets of one person: fifty are let in, the rest refused, and nobody else comes to harm', async () => {
	await openAllAllowed(); // what that takes of memory is there to stay
	const open: RawClient[] = [];
	const statuses = new Map<number, number>();
	const { stalledMs, memoryLeftBytes } = await attacked.under(async () => {
		for (let tried = 0; tried < SOCKETS; tried += AT_ONCE) {
			const tries = Array.from({ length: AT_ONCE }, () => attacked.open());
			for (const outcome of await Promise.allSettled(tries)) {
				if (outcome.status === 'fulfilled') open.push(outcome.value);
				else {
					const { status } = outcome.reason as UpgradeRefused;
					statuses.set(status, (statuses.get(status) ?? 0) + 1);
				}
			}
		}
		expect(open).toHaveLength(ALLOWED);
		for (const raw of open) raw.terminate();
	});
	if (process.env.FIGURES)
		console.log(`stalled for ${stalledMs} ms, ${(memoryLeftBytes / 2 ** 20).toFixed(1)} MiB left`);
	expect([...statuses]).toEqual([[429, SOCKETS - ALLOWED]]);
	await placesAreFree();
}, 120_000);

test('upgrades that never come to an end: nobody else comes to harm, and no place is taken', async () => {
	const { hostname, port } = new URL(attacked.server.origin);
	const slow: Socket[] = [];
	await attacked.under(async () => {
		for (let count = 0; count < 500; count++) {
			const socket = connect(Number(port), hostname);
			socket.on('error', () => undefined);
			await once(socket, 'connect');
			socket.write(`GET /sync/${BOARD} HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\n`);
			socket.write('X-Slow: a');
			slow.push(socket);
		}
		for (let letter = 0; letter < 20; letter++) {
			for (const socket of slow) socket.write('a');
			expect((await fetch(`${attacked.server.origin}/healthz`)).status).toBe(200);
		}
		await openAllAllowed();
		for (const socket of slow) socket.destroy();
	});
}, 60_000);
