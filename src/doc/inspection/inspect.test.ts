import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addProject, initBoard, moveProject, removeProject, setEntry, setField } from '../mutators.ts';
import { findNotes, projectsOf } from '../schema.ts';
import { inspectUpdate } from './inspect.ts';

let server: Y.Doc;
let client: Y.Doc;
let sent: Uint8Array[];

function makeBoard(): void {
	server = new Y.Doc();
	client = new Y.Doc();
	sent = [];
	client.on('update', (update: Uint8Array, origin: unknown) => origin !== 'remote' && sent.push(update));
	initBoard(client, {
		title: '板',
		template: 'stages',
		stages: ['study', 'planned'].map((id) => ({ id, name: id, nameEn: id }))
	});
	for (const projectId of ['a', 'b']) {
		addProject(client, {
			projectId,
			stageId: 'study',
			index: 0,
			fields: { name: projectId, sector: 'rail' }
		});
	}
	flush();
}

/** Inspects and applies what the client did since; the paths of each update. */
function flush(): string[][] {
	return sent.splice(0).map((update) => {
		const { touched } = inspectUpdate(server, update);
		Y.applyUpdate(server, update);
		return touched.map((path) => path.join('.')).sort();
	});
}

/** What an edit of the raw document is refused for. */
function refusalOf(edit: (projects: Y.Map<Y.Map<unknown>>) => void): unknown {
	client.transact(() => edit(projectsOf(client)));
	const update = sent.pop()!;
	try {
		inspectUpdate(server, update);
		return 'accepted';
	} catch (error) {
		return (error as { code: string }).code;
	}
}

beforeEach(makeBoard);

describe('touched paths', () => {
	test('of each intent', () => {
		moveProject(client, { projectId: 'a', stageId: 'planned', index: 0 });
		setField(client, { projectId: 'a', field: 'name', value: '甲' });
		setEntry(client, { projectId: 'a', field: 'cities', key: '530100', value: true });
		setEntry(client, { projectId: 'a', field: 'cities', key: '530100', value: undefined });
		findNotes(client, 'a')!.insert(0, [new Y.XmlElement('paragraph')]);
		removeProject(client, 'b');
		expect(flush()).toEqual([
			['projects.a.place'],
			['projects.a.name'],
			['projects.a.cities.530100'],
			['projects.a.cities.530100'],
			['projects.a.notes'],
			['projects.b']
		]);
	});
	test('an update known already touches nothing', () => {
		expect(inspectUpdate(server, Y.encodeStateAsUpdate(client))).toMatchObject({
			touched: [],
			isKnown: true
		});
	});
});

describe('refused', () => {
	test('what builds on something not here', () => {
		setField(client, { projectId: 'a', field: 'name', value: '一' });
		setField(client, { projectId: 'a', field: 'name', value: '二' });
		expect(() => inspectUpdate(server, sent[1]!)).toThrow(expect.objectContaining({ code: 'gap' }));
	});
	test.each([
		['bytes after the end', (update: Uint8Array) => Uint8Array.of(...update, 0)],
		['bytes that are missing', (update: Uint8Array) => update.slice(0, -1)]
	])('%s', (_, damage) => {
		setField(client, { projectId: 'a', field: 'name', value: '一' });
		expect(() => inspectUpdate(server, damage(sent[0]!))).toThrow(
			expect.objectContaining({ code: 'malformed-update' })
		);
	});
	test.each<[string, (projects: Y.Map<Y.Map<unknown>>) => void]>([
		['a project that is no map', (projects) => (projects as Y.Map<unknown>).set('x', 'text')],
		['a name over the limit', (projects) => projects.get('a')!.set('name', '长'.repeat(201))],
		['a key of another format', (projects) => projects.get('a')!.set('colour', 'red')],
		['a reserved key', (projects) => projects.get('a')!.set('__proto__', 'x')],
		['an unknown stage', (projects) => projects.get('a')!.set('place', { stage: 'someday', order: 'a0' })],
		['a place in two values', (projects) => projects.get('a')!.set('place', 'planned')],
		['a map where a value belongs', (projects) => projects.get('a')!.set('name', new Y.Map())],
		[
			'a city that is no code',
			(projects) => (projects.get('a')!.get('cities') as Y.Map<unknown>).set('昆明', true)
		],
		['a document in the document', (projects) => projects.get('a')!.set('name', new Y.Doc())],
		['an amount with a fraction', (projects) => projects.get('a')!.set('totalInvestmentYuan', 0.5)],
		['an unknown root', () => client.getMap('other').set('x', 1)],
		['a node no editor makes', () => findNotes(client, 'a')!.insert(0, [new Y.XmlElement('script')])],
		[
			'a link that runs a script',
			() => {
				const text = new Y.XmlText();
				findNotes(client, 'a')!.insert(0, [text]);
				text.insert(0, 'x', { link: { href: 'javascript:alert(1)' } });
			}
		]
	])('%s', (_, edit) => {
		expect(refusalOf(edit)).toBe('schema');
	});
	test('nesting without end', () => {
		const nested = () => {
			let parent: Y.XmlFragment | Y.XmlElement = findNotes(client, 'a')!;
			for (let depth = 0; depth < 60; depth++) {
				const child: Y.XmlElement = new Y.XmlElement('blockquote');
				parent.insert(0, [child]);
				parent = child;
			}
		};
		expect(refusalOf(nested)).toBe('too-large');
	});
});

test('honest edits by three people are never refused, leave nothing pending, and touch what Yjs then reports', () => {
	const step = fc.record({
		who: fc.nat({ max: 2 }),
		project: fc.constantFrom('a', 'b', 'c'),
		kind: fc.constantFrom('add', 'move', 'name', 'city', 'notes', 'remove', 'undo', 'receive'),
		text: fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('甲', 'b', ' ') }),
		index: fc.nat({ max: 3 })
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
			makeBoard();
			const start = Y.encodeStateAsUpdate(server);
			const log: Uint8Array[] = [];
			const peers = [0, 1, 2].map((index) => {
				const doc = new Y.Doc();
				doc.clientID = index + 1;
				Y.applyUpdate(doc, start, 'remote');
				const undo = new Y.UndoManager([projectsOf(doc)], {
					captureTimeout: 0,
					trackedOrigins: new Set(['me'])
				});
				doc.on('update', (update: Uint8Array, origin: unknown) => {
					if (origin === 'remote') return;
					expectTouchedAsReported(update);
					log.push(update);
				});
				return { doc, undo, seen: 0 };
			});
			for (const { who, project: projectId, kind, text, index } of steps) {
				const { doc, undo } = peers[who]!;
				const here = projectsOf(doc).has(projectId);
				if (kind === 'add' && !here)
					addProject(
						doc,
						{ projectId, stageId: 'study', index, fields: { name: 'n', sector: 'rail' } },
						'me'
					);
				if (kind === 'move') moveProject(doc, { projectId, stageId: 'planned', index }, 'me');
				if (kind === 'name' && text.trim()) setField(doc, { projectId, field: 'name', value: text }, 'me');
				if (kind === 'city')
					setEntry(doc, { projectId, field: 'cities', key: '530100', value: index > 1 || undefined }, 'me');
				if (kind === 'notes')
					doc.transact(() => findNotes(doc, projectId)?.insert(0, [new Y.XmlText(text)]), 'me');
				if (kind === 'remove') removeProject(doc, projectId, 'me');
				if (kind === 'undo') undo.undo();
				if (kind === 'receive')
					for (; peers[who]!.seen < log.length;) Y.applyUpdate(doc, log[peers[who]!.seen++]!, 'remote');
			}
			expect(server.store.pendingStructs).toBeNull();
			expect(server.store.pendingDs).toBeNull();
		}),
		{ numRuns: 200 }
	);
});

/** Every place Yjs reports as changed was named by the inspection before. */
function expectTouchedAsReported(update: Uint8Array): void {
	const named = inspectUpdate(server, update).touched.map((path) => path.join('.'));
	const reported: string[] = [];
	const watch = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
		for (const event of events) {
			const path = ['projects', ...event.path.map(String)];
			if (path[2] === 'notes') reported.push(path.slice(0, 3).join('.'));
			else for (const key of event.changes.keys.keys()) reported.push([...path, key].join('.'));
		}
	};
	projectsOf(server).observeDeep(watch);
	Y.applyUpdate(server, update);
	projectsOf(server).unobserveDeep(watch);
	for (const place of reported) {
		const covered = named.some((name) => place === name || place.startsWith(`${name}.`));
		expect(covered, `${place} is not among ${named.join(', ')}`).toBe(true);
	}
}
