import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { setField } from '#doc/mutators.ts';
import { encodeHello, PROTOCOL_VERSION } from '#protocol/message.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { BOARD, runSql, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { joinAsUsualClient } from '../support/usual-client.ts';

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;

beforeAll(async () => {
	app = await startSyncApp();
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
});
afterAll(() => app.close());

const raiseEpoch = () => runSql(app, `update board set epoch = epoch + 1 where id = '${BOARD}'`);

async function hello(epoch: number, seq: number): Promise<RawClient> {
	const raw = await RawClient.open(app, `/${BOARD}`, mei);
	raw.send(encodeHello({ version: PROTOCOL_VERSION, epoch, seq }));
	return raw;
}

describe('[S60] a hello', () => {
	test('with the board’s epoch and a seq of its past is welcome', async () => {
		const { epoch, seq } = await app.journal.head(BOARD);
		for (const known of [1, seq]) {
			const raw = await hello(epoch, known);
			expect((await raw.get('hello')).hello).toMatchObject({ epoch, seq });
			raw.terminate();
		}
	});
	test.each([
		['an older epoch', -1, 0],
		['a newer epoch', 1, 0],
		['a seq the board has not reached', 0, 1]
	])('with %s is closed with 4409, and its copy is not taken', async (_, epochs, seqs) => {
		raiseEpoch();
		const { epoch, seq } = await app.journal.head(BOARD);
		const raw = await hello(epoch + epochs, seq + seqs);
		expect(await raw.closeCode()).toBe(4409);
		expect((await app.journal.head(BOARD)).seq).toBe(seq);
	});
	test('without a copy may say any epoch', async () => {
		const { epoch } = await app.journal.head(BOARD);
		for (const said of [0, epoch - 1, epoch + 7]) {
			const raw = await hello(said, 0);
			expect((await raw.get('hello')).hello).toMatchObject({ epoch });
			raw.terminate();
		}
	});
});

describe('[S61] when the epoch is raised', () => {
	test('every connection is closed with 4409, also if nobody writes', async () => {
		const peer = await BoardPeer.join(app, BOARD, mei);
		const plain = await joinAsUsualClient(app, BOARD, bo);
		raiseEpoch();
		await until('the close', () => peer.raw.closed && plain.closeCodes.length > 0, 2_000);
		expect(peer.raw.closed?.code).toBe(4409);
		expect(plain.closeCodes).toEqual([4409]);
		expect(plain.provider.shouldConnect).toBe(false); // it would merge what must not be merged
		plain.destroy();
	});

	test('nothing is written under the old one, and who begins anew is welcome', async () => {
		const [peer, other] = [await BoardPeer.join(app, BOARD, mei), await BoardPeer.join(app, BOARD, bo)];
		await peer.saved();
		const { id, name } = peer.board.projects[0]!;
		const { seq, epoch } = await app.journal.head(BOARD);
		raiseEpoch();
		peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '在旧的时代里' }));
		expect([await peer.raw.closeCode(), await other.raw.closeCode()]).toEqual([4409, 4409]);
		expect(peer.acked).toBe(1);
		expect(other.nameOf(id)).toBe(name);
		expect((await app.journal.head(BOARD)).seq).toBe(seq);

		const late = await BoardPeer.open(app, BOARD, mei, { doc: peer.doc, hello: { epoch, seq } });
		expect(await late.raw.closeCode()).toBe(4409);
		const anew = await BoardPeer.join(app, BOARD, mei, { doc: new Y.Doc() });
		await anew.saved();
		expect((await anew.raw.get('hello')).hello).toMatchObject({ epoch: epoch + 1, seq });
		expect(anew.nameOf(id)).toBe(name);
		anew.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '在新的时代里' }));
		await anew.saved();
		const entry = (await Array.fromAsync(app.journal.entries(BOARD, seq)))[0];
		expect(entry).toMatchObject({ seq: seq + 1, epoch: epoch + 1 });
		anew.leave();
	});
});
