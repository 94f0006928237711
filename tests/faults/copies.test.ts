import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { projectsOf } from '#doc/schema.ts';
import { setField } from '#doc/mutators.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { START_TIMEOUT_MS, tongchou } from '../support/server-process.ts';
import { BOARD } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { AttackedServer } from './attacked-server.ts';

let attacked: AttackedServer;
beforeAll(async () => {
	attacked = await AttackedServer.start();
}, START_TIMEOUT_MS);
afterAll(async () => expect(await attacked.stop()).toBe(0));

/** A local copy as a browser keeps it, with edits that were never sent. */
async function copyWithUnsentEdit(value: string): Promise<{ state: Uint8Array; id: string }> {
	const peer = await attacked.join();
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Y.encodeStateAsUpdate(peer.doc));
	peer.leave();
	const { id = '' } = peer.board.projects[2] ?? {};
	setField(doc, { projectId: id, field: 'name', value });
	return { state: Y.encodeStateAsUpdate(doc), id };
}

function docOf(state: Uint8Array): Y.Doc {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, state);
	return doc;
}

async function rowsOf(id: string): Promise<{ after: unknown }[]> {
	const answer = await fetch(
		`${attacked.server.origin}/api/boards/${BOARD}/changes?project=${id}&field=name&limit=10`,
		{ headers: { authorization: `Bearer ${attacked.viewer.token}` } }
	);
	return ((await answer.json()) as { changes: { after: unknown }[] }).changes;
}

test('a local copy that was cloned, with unsent edits in it: both browsers of the person bring them, once', async () => {
	const { state, id } = await copyWithUnsentEdit('路上写的');
	await attacked.under(async () => {
		const [one, two] = await Promise.all(
			[docOf(state), docOf(state)].map((doc) =>
				BoardPeer.join(attacked.server, BOARD, attacked.mallory, { doc })
			)
		);
		await Promise.all([one!.saved(), two!.saved()]);
		// they are two from now on
		one!.edit((doc) => setField(doc, { projectId: id, field: 'nameEn', value: 'one' }));
		two!.edit((doc) => setField(doc, { projectId: id, field: 'investmentSource', value: 'two' }));
		await Promise.all([one!.saved(), two!.saved()]);
		await until('they are the same', () => JSON.stringify(one!.board) === JSON.stringify(two!.board));
		expect(one!.board.projects.find((project) => project.id === id)).toMatchObject({
			name: '路上写的',
			nameEn: 'one',
			investmentSource: 'two'
		});
		for (const peer of [one!, two!]) peer.leave();
	});
	expect((await rowsOf(id)).filter(({ after }) => after === '路上写的')).toHaveLength(1);
});

test('the same clone in somebody else’s hands: what its owner sent stands, and the rest is refused by name', async () => {
	const { state, id } = await copyWithUnsentEdit('还没送出');
	await attacked.under(async () => {
		const owner = await BoardPeer.join(attacked.server, BOARD, attacked.mallory, { doc: docOf(state) });
		await owner.saved();
		const more = docOf(state);
		const [clientId] = [...Y.decodeStateVector(Y.encodeStateVector(more)).keys()].filter(
			(client) => Y.getState(owner.doc.store, client) > 0 && isOfThisEdit(more, id, client)
		);
		more.clientID = clientId!; // a copy of the very page, not only of what it had stored
		const other = await BoardPeer.join(attacked.server, BOARD, attacked.coordinator, { doc: more });
		await other.saved();
		other.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '冒名' }));
		expect((await other.raw.get('refused')).refused.code).toBe('foreign-client-id');
		expect(owner.nameOf(id)).toBe('还没送出');
		for (const peer of [owner, other]) peer.leave();
	});
});

/** Whether a Yjs client wrote the name a project has now. */
function isOfThisEdit(doc: Y.Doc, id: string, client: number): boolean {
	return projectsOf(doc).get(id)?._map.get('name')?.id.client === client;
}

test('undo after losing the right: refused by name, and everybody keeps what they see', async () => {
	const { mallory, server } = attacked;
	const setRole = (role: string) =>
		tongchou(server.dataDir, ['member', 'add', '--board', BOARD, '--email', mallory.email, '--role', role]);
	await attacked.under(async () => {
		const [peer, canary] = [await attacked.join(), await attacked.join()];
		const { id = '', name = '' } = peer.board.projects[4] ?? {};
		const undo = new Y.UndoManager([peer.doc.getMap('projects')], { captureTimeout: 0 });
		peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '当时可以' }));
		await peer.saved();
		expect(await setRole('viewer')).toMatchObject({ code: 0 });
		await until('the role is in force', () => {
			canary.edit((doc) => setField(doc, { projectId: id, field: 'nameEn', value: `${canary.sent}` }));
			return canary.raw.all('refused').length > 0;
		});
		undo.undo();
		expect((await peer.raw.get('refused')).refused).toMatchObject({
			code: 'forbidden',
			path: ['projects', id, 'name']
		});
		const witness = await attacked.join(attacked.viewer);
		expect(witness.nameOf(id)).toBe('当时可以');
		expect(await setRole('planner')).toMatchObject({ code: 0 });
		expect(peer.nameOf(id)).toBe(name); // their own copy is as they left it, until it is built anew
		for (const each of [peer, canary, witness]) each.leave();
	});
}, 60_000);
