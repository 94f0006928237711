import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { SECTORS } from '#domain/sectors.ts';
import { addProject, initBoard, moveProject, removeProject, setEntry, setField } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { findNotes } from '#doc/schema.ts';

const STAGES = ['study', 'planned', 'construction'];
const PROJECTS = ['p0', 'p1', 'p2', 'p3'];

/** A person's copy of the board and the updates of others that have not reached them yet. */
type Peer = { doc: Y.Doc; inbox: Uint8Array[] };
type Step = (peers: Peer[]) => void;

function makePeers(count: number): Peer[] {
	const first = new Y.Doc();
	const stages = STAGES.map((id) => ({ id, name: id, nameEn: id }));
	initBoard(first, { title: '板', template: 'stages', stages });
	for (const id of PROJECTS.slice(0, 2)) addTo(first, id, 'study');
	const start = Y.encodeStateAsUpdate(first);
	const peers = Array.from({ length: count }, (): Peer => ({ doc: new Y.Doc(), inbox: [] }));
	peers.forEach((peer, index) => {
		peer.doc.clientID = index + 1; // a failing case must fail again
		Y.applyUpdate(peer.doc, start, 'remote');
		peer.doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== 'remote') for (const other of peers) if (other !== peer) other.inbox.push(update);
		});
	});
	return peers;
}

function addTo(doc: Y.Doc, projectId: string, stageId: string): void {
	if (readBoard(doc).projects.some((project) => project.id === projectId)) return;
	addProject(doc, { projectId, stageId, index: 0, fields: { name: projectId, sector: 'rail' } });
}

function write(doc: Y.Doc, projectId: string, text: string): void {
	findNotes(doc, projectId)?.insert(0, [new Y.XmlText(text)]);
}

const peer = fc.nat({ max: 2 });
const project = fc.constantFrom(...PROJECTS);
const stage = fc.constantFrom(...STAGES);
const index = fc.nat({ max: 4 });
const at = (peers: Peer[], who: number): Y.Doc => (peers[who] ?? peers[0]!).doc;

const edit: fc.Arbitrary<Step> = fc.oneof(
	fc.tuple(peer, project, stage).map(
		([who, id, to]): Step =>
			(peers) =>
				addTo(at(peers, who), id, to)
	),
	fc.tuple(peer, project, stage, index).map(
		([who, projectId, stageId, to]): Step =>
			(peers) =>
				moveProject(at(peers, who), { projectId, stageId, index: to })
	),
	fc.tuple(peer, project, fc.constantFrom(...SECTORS)).map(
		([who, projectId, value]): Step =>
			(peers) =>
				setField(at(peers, who), { projectId, field: 'sector', value })
	),
	fc.tuple(peer, project, fc.constantFrom('530100', '530400'), fc.boolean()).map(
		([who, projectId, key, inside]): Step =>
			(peers) =>
				setEntry(at(peers, who), { projectId, field: 'cities', key, value: inside || undefined })
	),
	fc.tuple(peer, project, fc.string()).map(
		([who, id, text]): Step =>
			(peers) =>
				write(at(peers, who), id, text)
	),
	fc.tuple(peer, project).map(
		([who, id]): Step =>
			(peers) =>
				removeProject(at(peers, who), id)
	)
);

/** Delivers one waiting update, any of them, once or twice. */
const delivery: fc.Arbitrary<Step> = fc
	.tuple(peer, fc.nat(), fc.boolean())
	.map(([who, pick, twice]) => (peers) => {
		const to = peers[who]!;
		const update = to.inbox.splice(pick % Math.max(1, to.inbox.length), 1)[0];
		if (!update) return;
		Y.applyUpdate(to.doc, update, 'remote');
		if (twice) Y.applyUpdate(to.doc, update, 'remote');
	});

function deliverAll(peers: Peer[]): void {
	for (const { doc, inbox } of peers)
		for (const update of inbox.splice(0)) Y.applyUpdate(doc, update, 'remote');
}

test('replicas that have seen the same updates show the same board', () => {
	fc.assert(
		fc.property(fc.array(fc.oneof(edit, delivery), { maxLength: 60 }), (steps) => {
			const peers = makePeers(3);
			for (const step of steps) step(peers);
			deliverAll(peers);
			const [first, ...others] = peers.map(({ doc }) => ({ board: readBoard(doc), state: doc.toJSON() }));
			for (const other of others) expect(other).toEqual(first);
		}),
		{ numRuns: 300 }
	);
});

test('two people moving one project at once: it stands in one of the two places, whole, for both', () => {
	fc.assert(
		fc.property(stage, stage, index, index, (stageA, stageB, indexA, indexB) => {
			const peers = makePeers(2);
			moveProject(at(peers, 0), { projectId: 'p0', stageId: stageA, index: indexA });
			moveProject(at(peers, 1), { projectId: 'p0', stageId: stageB, index: indexB });
			deliverAll(peers);
			const [one, two] = peers.map(({ doc }) => readBoard(doc));
			expect(one).toEqual(two);
			const shown = one!.projects.filter((candidate) => candidate.id === 'p0');
			expect(shown).toHaveLength(1);
			expect([stageA, stageB]).toContain(shown[0]!.stage);
		})
	);
});

test('two people dropping two projects on one spot: both stand there, in the same order for both', () => {
	fc.assert(
		fc.property(index, (spot) => {
			const peers = makePeers(2);
			moveProject(at(peers, 0), { projectId: 'p0', stageId: 'planned', index: spot });
			moveProject(at(peers, 1), { projectId: 'p1', stageId: 'planned', index: spot });
			deliverAll(peers);
			const orders = peers.map(({ doc }) =>
				readBoard(doc).projects.map(({ id, stage: at_ }) => `${at_}/${id}`)
			);
			expect(orders[0]).toEqual(orders[1]);
			expect(orders[0]).toHaveLength(2);
			expect(orders[0]!.every((place) => place.startsWith('planned/'))).toBe(true);
		})
	);
});
