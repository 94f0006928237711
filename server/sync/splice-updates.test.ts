import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { decodeUpdate } from '#doc/inspection/decode-update.ts';
import { addProject, initBoard, moveProject, removeProject, setField } from '#doc/mutators.ts';
import { findNotes, projectsOf } from '#doc/schema.ts';
import { spliceUpdates, type UpdateParts } from './splice-updates.ts';

const STAGES = ['study', 'planned'].map((id) => ({ id, name: id, nameEn: id }));
const PEOPLE = 3;

type Edit = (doc: Y.Doc) => void;

const projectId = fc.constantFrom('p0', 'p1', 'p2');
const onProject = (act: (doc: Y.Doc, id: string) => void) =>
	projectId.map(
		(id): Edit =>
			(doc) =>
				projectsOf(doc).has(id) ? act(doc, id) : undefined
	);
const edit: fc.Arbitrary<Edit> = fc.oneof(
	projectId.map((id): Edit => (doc) => {
		if (!projectsOf(doc).has(id))
			addProject(doc, { projectId: id, stageId: 'study', index: 0, fields: { name: id, sector: 'rail' } });
	}),
	fc.tuple(projectId, fc.integer({ min: 0, max: 1e15 })).map(
		([id, value]): Edit =>
			(doc) =>
				projectsOf(doc).has(id) && setField(doc, { projectId: id, field: 'totalInvestmentYuan', value })
	),
	onProject((doc, id) => moveProject(doc, { projectId: id, stageId: 'planned', index: 0 })),
	onProject((doc, id) => findNotes(doc, id)?.insert(0, [new Y.XmlText('记录 😀')])),
	onProject((doc, id) => findNotes(doc, id)?.length && findNotes(doc, id)!.delete(0, 1)),
	onProject((doc, id) => removeProject(doc, id))
);

/** What a server takes in while people edit and hear of one another now and then. */
function record(steps: readonly { who: number; edit: Edit; isHeard: boolean }[]) {
	const start = new Y.Doc();
	initBoard(start, { title: '板', template: 'stages', stages: STAGES });
	const state = Y.encodeStateAsUpdate(start);
	const server = new Y.Doc();
	Y.applyUpdate(server, state);
	const taken: { update: Uint8Array; parts: UpdateParts }[] = [];
	const people = Array.from({ length: PEOPLE }, (_, index) => {
		const doc = new Y.Doc();
		doc.clientID = 100 + index;
		Y.applyUpdate(doc, state);
		doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin === 'remote') return;
			taken.push({ update, parts: decodeUpdate(update) });
			Y.applyUpdate(server, update);
		});
		return doc;
	});
	for (const { who, edit: act, isHeard } of steps) {
		const doc = people[who]!;
		if (isHeard) Y.applyUpdate(doc, Y.encodeStateAsUpdate(server), 'remote');
		act(doc);
	}
	return { state, taken };
}

const step = fc.record({ who: fc.nat({ max: PEOPLE - 1 }), edit, isHeard: fc.boolean() });

test('updates laid end to end bring what Yjs makes of them', () => {
	fc.assert(
		fc.property(fc.array(step, { minLength: 2, maxLength: 40 }), fc.nat({ max: 10 }), (steps, from) => {
			const { state, taken } = record(steps);
			const before = taken.slice(0, from).map(({ update }) => update);
			const window = taken.slice(from);
			fc.pre(window.length > 0);
			const [ours, theirs] = [new Y.Doc(), new Y.Doc()];
			for (const doc of [ours, theirs]) for (const update of [state, ...before]) Y.applyUpdate(doc, update);
			const spliced = spliceUpdates(window.map(({ parts }) => parts));
			Y.applyUpdate(ours, spliced!);
			Y.applyUpdate(theirs, Y.mergeUpdates(window.map(({ update }) => update)));
			expect(ours.store.pendingStructs).toBeNull();
			expect(Y.encodeStateAsUpdate(ours)).toEqual(Y.encodeStateAsUpdate(theirs));
		}),
		{ numRuns: 300 }
	);
});

test('an update that repeats something is not laid behind another', () => {
	const { taken } = record([
		{ who: 0, edit: (doc) => void doc.getMap('meta').set('title', '一'), isHeard: false },
		{ who: 0, edit: (doc) => void doc.getMap('meta').set('title', '二'), isHeard: false }
	]);
	const [first, second] = taken.map(({ parts }) => parts);
	expect(spliceUpdates([first!, second!])).toBeDefined();
	expect(spliceUpdates([first!, second!, first!])).toBeUndefined();
	expect(spliceUpdates([second!, first!])).toBeUndefined();
});

test('an update that spells a number in more bytes than it needs is joined as what it says', () => {
	const { state, taken } = record([
		{ who: 0, edit: (doc) => void doc.getMap('meta').set('title', '一'), isHeard: false },
		{ who: 0, edit: (doc) => void doc.getMap('meta').set('title', '二'), isHeard: false }
	]);
	const [first, second] = taken.map(({ update }) => update);
	// the last byte is the length of the one deleted range: the title that was there before
	const longer = Uint8Array.of(...first!.subarray(0, -1), first!.at(-1)! | 0x80, 0);
	const doc = new Y.Doc();
	for (const update of [state, spliceUpdates([decodeUpdate(longer), decodeUpdate(second!)])!])
		Y.applyUpdate(doc, update);
	expect(doc.getMap('meta').get('title')).toBe('二');
	expect(doc.store.pendingDs).toBeNull();
});
