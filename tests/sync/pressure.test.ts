import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { ensureNotes, setField } from '#doc/mutators.ts';
import { findNotes } from '#doc/schema.ts';
import { encodeSync, SYNC } from '#protocol/message.ts';
import type { SyncLimits } from '#server/sync/limits.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { BOARD, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { joinAsUsualClient } from '../support/usual-client.ts';

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;

async function start(limits: Partial<SyncLimits> = {}): Promise<void> {
	app = await startSyncApp({ limits });
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
}

/** The first project gets a name, and a peer that nobody bothers sees it come back. */
async function roundTrip(peer: BoardPeer): Promise<void> {
	const { id } = peer.board.projects[0]!;
	peer.edit((doc) => setField(doc, { projectId: id, field: 'nameEn', value: `round trip ${peer.sent}` }));
	await peer.saved();
}

/** One ping, once the one before was answered: the library itself cuts off who sends them faster. */
async function pingPong(raw: RawClient): Promise<void> {
	const answered = raw.pongs;
	raw.socket.ping();
	await until('a pong', () => raw.pongs > answered || raw.closed);
}

describe('[S80] too many messages', () => {
	beforeAll(() => start({ messageBurst: 300, messagesPerSecond: 10 }));
	afterAll(() => app.close());

	test.each<[string, (raw: RawClient) => unknown]>([
		['tiny ones', (raw) => raw.send(Uint8Array.of(3))],
		['awareness about nobody', (raw) => raw.send([1, 1, 0])],
		['updates that bring nothing', (raw) => raw.send([0, 2, 2, 0, 0])],
		['hellos', (raw) => raw.send([100, 1, 0, 0])],
		['pings', pingPong]
	])('%s: closed with 4429, others go on', async (_, sendOne) => {
		const victim = await BoardPeer.join(app, BOARD, mei);
		const raw = await RawClient.open(app, `/${BOARD}`, bo);
		for (let count = 0; count < 400 && !raw.closed; count++) await sendOne(raw);
		expect(await raw.closeCode()).toBe(4429);
		await roundTrip(victim);
		victim.leave();
	});
	test('large ones count by their size', async () => {
		const raw = await RawClient.open(app, `/${BOARD}`, bo);
		raw.send(encodeSync(SYNC.step1, new Uint8Array(299 << 10)));
		expect(await raw.closeCode()).toBe(4429);
	});
});

describe('[S81] questions with large answers', () => {
	beforeAll(() => start());
	afterAll(() => app.close());

	/** A state vector that names a Yjs client nobody has, so that the answer cannot be one made before. */
	const vectorOf = (clientId: number) => Y.encodeStateVector(new Map([[clientId, 1]]));

	test('too many are closed with 4429', async () => {
		const raw = await RawClient.open(app, `/${BOARD}`, bo);
		for (let count = 0; count < 200; count++) raw.send(encodeSync(SYNC.step1, vectorOf(count + 1)));
		expect(await raw.closeCode()).toBe(4429);
	});
	test('of all who come at once with nothing are none', async () => {
		const clients = await Promise.all(Array.from({ length: 30 }, () => joinAsUsualClient(app, BOARD, bo)));
		expect(clients.flatMap(({ closeCodes }) => closeCodes)).toEqual([]);
		for (const client of clients) client.destroy();
	});
	test('a state vector with far more clients than the board has is closed with 4413', async () => {
		const raw = await RawClient.open(app, `/${BOARD}`, bo);
		const vector = Y.encodeStateVector(new Map(Array.from({ length: 5_000 }, (_, index) => [index + 1, 1])));
		raw.send(encodeSync(SYNC.step1, vector));
		expect(await raw.closeCode()).toBe(4413);
	});
});

test('[S82] who does not read is closed with 4508, and slows nobody', async () => {
	await start({ bufferedBytes: 256 << 10, messageBurst: 1_000_000, closeMs: 20_000 });
	const [writer, reader] = [await BoardPeer.join(app, BOARD, mei), await BoardPeer.join(app, BOARD, bo)];
	const slow = await RawClient.open(app, `/${BOARD}`, bo);
	await slow.get('step1');
	slow.socket.pause();
	const { id } = writer.board.projects[0]!;
	for (let count = 0; count < 70; count++) {
		writer.edit((doc) => {
			ensureNotes(doc, id);
			const notes = findNotes(doc, id)!;
			notes.delete(0, notes.length);
			notes.insert(0, [new Y.XmlText('写'.repeat(90_000) + count)]);
		});
		await writer.saved();
	}
	slow.socket.resume();
	expect(await slow.closeCode()).toBe(4508);
	await until('the same board', () => JSON.stringify(reader.board) === JSON.stringify(writer.board));
	expect(reader.raw.closed ?? writer.raw.closed).toBeUndefined();
	writer.leave();
	reader.leave();
	await app.close();
});

test('[S83] more new Yjs clients than a person may bring are refused, whatever the connection', async () => {
	await start({ newClientsBurst: 10, newClientsPerSecond: 0 });
	const code = async (person: TestPerson) => {
		const peer = await BoardPeer.join(app, BOARD, person);
		const { id } = peer.board.projects[0]!;
		for (let count = 0; count < 4; count++) {
			peer.doc.clientID = Math.floor(Math.random() * 2 ** 32);
			peer.edit((doc) => setField(doc, { projectId: id, field: 'nameEn', value: `${doc.clientID}` }));
		}
		await until('an answer', () => peer.acked === peer.sent || peer.raw.closed);
		peer.leave();
		return peer.raw.closed?.code ?? 0;
	};
	expect([await code(bo), await code(bo), await code(bo), await code(mei)]).toEqual([0, 0, 4429, 0]);
	await app.close();
});

describe('[S84] at the end of the server', () => {
	afterEach(() => app.close());

	test('everything that arrived is committed, and all are closed with 1012', async () => {
		await start();
		const peers = await Promise.all([mei, bo, mei, bo].map((person) => BoardPeer.join(app, BOARD, person)));
		const plain = await joinAsUsualClient(app, BOARD, bo);
		const projects = peers[0]!.board.projects.map(({ id }) => id);
		let isOver = false;
		const keepWriting = Promise.all(
			peers.map(async (peer, index) => {
				for (let count = 0; !isOver && !peer.raw.closed; count++) {
					peer.edit((doc) =>
						setField(doc, { projectId: projects[index]!, field: 'nameEn', value: `${index}-${count}` })
					);
					await new Promise((resolve) => setImmediate(resolve));
				}
			})
		);
		await until('some are saved', () => peers.every((peer) => peer.acked > 20));
		const { databaseUrl, dataDir } = app;
		await app.close();
		isOver = true;
		await keepWriting;
		expect(await Promise.all(peers.map((peer) => peer.raw.closeCode()))).toEqual([1012, 1012, 1012, 1012]);
		await until('the close', () => plain.closeCodes.length > 0);
		expect(plain.closeCodes[0]).toBe(1012);
		plain.destroy();

		app = await startSyncApp({ dataDir, databaseUrl });
		const after = await app.app.context.boardReader.read(BOARD);
		peers.forEach((peer, index) => {
			const numberOf = (name: string | undefined) => Number(name?.split('-')[1]);
			const stored = after.board.projects.find(({ id }) => id === projects[index]);
			// message 1 is the answer to the server's step 1, message n + 2 the n-th edit
			expect(numberOf(stored?.nameEn)).toBeGreaterThanOrEqual(peer.acked - 2);
			for (const other of peers) {
				const shown = other.board.projects.find(({ id }) => id === projects[index]);
				if (other !== peer) expect(numberOf(stored?.nameEn)).toBeGreaterThanOrEqual(numberOf(shown?.nameEn));
			}
		});
	});

	test('a database that does not answer does not keep it', async () => {
		await start({ settleMs: 200 });
		const peer = await BoardPeer.join(app, BOARD, mei);
		await peer.saved();
		const holder = new DatabaseSync(app.databaseUrl.replace(/^sqlite:/, ''));
		holder.exec('BEGIN IMMEDIATE');
		const { id } = peer.board.projects[0]!;
		peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '没写下' }));
		await until('the server has it', async () => peer.raw.socket.bufferedAmount === 0);
		const { dataDir } = app;
		await app.close();
		expect(await peer.raw.closeCode()).toBe(1012);
		expect(peer.acked).toBe(1);
		holder.close();
		app = await startSyncApp({ dataDir });
		const again = await BoardPeer.join(app, BOARD, mei, { doc: peer.doc });
		expect(again.nameOf(id)).toBe('没写下');
		again.leave();
	});
});
