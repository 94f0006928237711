import * as Y from 'yjs';
import {
	addProject,
	addStage,
	ensureNotes,
	moveProject,
	removeProject,
	renameStage,
	setEntry,
	setField,
	setTitle
} from '#doc/mutators.ts';
import { findNotes, metaOf, projectsOf, stagesOf } from '#doc/schema.ts';
import { undoStep } from '#doc/undo-step.ts';
import { editNotes } from './notes-editor.ts';
import type { Random } from './random.ts';
import { STARTING_STAGES } from './starting-board.ts';

const PROJECTS = ['a', 'b', 'c', 'd'] as const;
const STAGES = [...STARTING_STAGES, 'extra'] as const;
const CITIES = ['530100', '530400', '532500'] as const;
const REMOTE = Symbol('remote');
const ME = Symbol('me');

function addTo(doc: Y.Doc, projectId: string, stageId: string): void {
	const fields = { name: projectId, sector: 'rail', kind: 'project', cities: { '530100': true } };
	addProject(doc, { projectId, stageId, index: 0, fields }, ME);
}

/** One person's copy of the board: edits it, undoes, goes offline, and has something to send. */
export class Person {
	doc: Y.Doc;
	/** How much of the server's log has arrived. */
	heard = 0;
	/** Updates of one's own that the server does not have. */
	outbox: Uint8Array[] = [];
	#lastSent: Uint8Array[] = [];
	#undo: Y.UndoManager;
	readonly #random: Random;

	constructor(state: Uint8Array, random: Random) {
		this.#random = random;
		[this.doc, this.#undo] = this.#open(state);
	}

	#open(state: Uint8Array): [Y.Doc, Y.UndoManager] {
		const doc = new Y.Doc({ gc: this.#random.chance(0.8) });
		doc.clientID = 2 + this.#random.int(2 ** 32 - 2);
		Y.applyUpdate(doc, state, REMOTE);
		doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== REMOTE) this.outbox.push(update);
		});
		const scope = [projectsOf(doc), stagesOf(doc), metaOf(doc)];
		const captureTimeout = this.#random.chance(0.5) ? 0 : 60_000;
		return [doc, new Y.UndoManager(scope, { captureTimeout, trackedOrigins: new Set([ME]) })];
	}

	/** Closes the page and opens it again from what the browser kept. */
	restart(): void {
		this.#undo.destroy();
		[this.doc, this.#undo] = this.#open(Y.encodeStateAsUpdate(this.doc));
	}

	receive(update: Uint8Array): void {
		Y.applyUpdate(this.doc, update, REMOTE);
	}

	/** What goes to the server now: one by one, joined, with things sent before, or all that the server lacks. */
	send(serverState: Uint8Array): Uint8Array[] {
		const { outbox } = this;
		if (outbox.length === 0 && this.#random.chance(0.9)) return [];
		this.outbox = [];
		const known = this.#lastSent;
		this.#lastSent = outbox;
		const all = [...known, ...outbox];
		switch (this.#random.int(6)) {
			case 0:
				return outbox.length > 0 ? [Y.mergeUpdates(outbox)] : [];
			case 1:
				return all.length > 0 ? [Y.mergeUpdates(all)] : [];
			case 2:
				return [Y.encodeStateAsUpdate(this.doc, serverState)];
			case 3:
				return [Y.encodeStateAsUpdate(this.doc)];
			default:
				return outbox;
		}
	}

	/** One intent, or several in one transaction. */
	edit(): void {
		const random = this.#random;
		if (random.chance(0.12)) return void undoStep(this.#undo, 'undo');
		if (random.chance(0.08)) return void undoStep(this.#undo, 'redo');
		const count = random.chance(0.1) ? 2 + random.int(3) : 1;
		if (count === 1) return random.pick(EDITS)(this.doc, random);
		this.doc.transact(() => {
			for (let index = 0; index < count; index++) random.pick(EDITS)(this.doc, random);
		}, ME);
	}
}

type Edit = (doc: Y.Doc, random: Random) => void;

const evidence = (random: Random) => ({
	document: 'plan-2026',
	section: '3.2',
	date: random.pick(['2026', '2026-03', '2026-03-01']),
	stageWord: '加快建设',
	stage: 'construction',
	modality: random.pick(['fact', 'directive']),
	scope: 'exact',
	confidence: 'high'
});

function on(edit: (doc: Y.Doc, random: Random, projectId: string) => void): Edit {
	return (doc, random) => {
		const projectId = random.pick(PROJECTS);
		if (projectsOf(doc).has(projectId)) edit(doc, random, projectId);
	};
}

function raw(edit: (project: Y.Map<unknown>, random: Random) => void): Edit {
	return on((doc, random, projectId) =>
		doc.transact(() => edit(projectsOf(doc).get(projectId)!, random), ME)
	);
}

function stageOn(doc: Y.Doc, random: Random): string {
	return random.pick([...stagesOf(doc).keys()]);
}

const writeNotes = on((doc, random, projectId) => {
	const notes = findNotes(doc, projectId);
	if (notes) editNotes(doc, notes, random, ME);
});

/** Text without an editor: any client may write it. */
const writeRawText = on((doc, random, projectId) => {
	const notes = findNotes(doc, projectId);
	if (!notes) return;
	doc.transact(() => {
		const blocks = notes.toArray().filter((node): node is Y.XmlElement => node instanceof Y.XmlElement);
		const texts = blocks.flatMap((block) => block.toArray()).filter((node) => node instanceof Y.XmlText);
		const text = random.maybe(texts);
		if (text) editText(text, random);
		else {
			const paragraph = new Y.XmlElement('paragraph');
			paragraph.insert(0, [new Y.XmlText('起')]);
			notes.insert(0, [paragraph]);
		}
	}, ME);
});

function editText(text: Y.XmlText, random: Random): void {
	const at = random.int(text.length + 1);
	if (random.chance(0.3)) text.delete(at, random.int(text.length - at + 1));
	else text.insert(at, random.pick(['字', 'ab', '😀', '桥梁']), random.chance(0.2) ? { bold: {} } : {});
}

const EDITS: Edit[] = [
	(doc, random) => {
		const projectId = random.pick(PROJECTS);
		if (!projectsOf(doc).has(projectId)) addTo(doc, projectId, stageOn(doc, random));
	},
	on((doc, random, projectId) =>
		moveProject(doc, { projectId, stageId: stageOn(doc, random), index: random.int(4) }, ME)
	),
	on((doc, random, projectId) =>
		setField(doc, { projectId, field: 'name', value: random.pick(['甲', '乙', '丙']) }, ME)
	),
	on((doc, random, projectId) => {
		const value = random.pick([null, 0, 12_500_000_000]);
		setField(doc, { projectId, field: 'totalInvestmentYuan', value }, ME);
	}),
	on((doc, random, projectId) => {
		const value = random.chance(0.5) ? { zh: '疑误', en: 'doubtful' } : null;
		setField(doc, { projectId, field: 'caveat', value }, ME);
	}),
	on((doc, random, projectId) => {
		const value = random.chance(0.6) || undefined;
		setEntry(
			doc,
			{ projectId, field: random.pick(['cities', 'counties']), key: random.pick(CITIES), value },
			ME
		);
	}),
	on((doc, random, projectId) => {
		const value = random.chance(0.7) ? evidence(random) : undefined;
		setEntry(doc, { projectId, field: 'evidence', key: random.pick(['e1', 'e2']), value }, ME);
	}),
	on((doc, _, projectId) => removeProject(doc, projectId, ME)),
	on((doc, _, projectId) => ensureNotes(doc, projectId, ME)),
	writeNotes,
	writeNotes,
	writeNotes,
	writeRawText,
	(doc, random) => setTitle(doc, random.pick(['板', '盘']), ME),
	(doc, random) =>
		renameStage(doc, { stageId: random.pick(STAGES), name: random.pick(['前期', '在建']), nameEn: '' }, ME),
	(doc) => addStage(doc, { stage: { id: 'extra', name: '其他', nameEn: 'other' }, index: 1 }, ME),
	(doc, random) => doc.transact(() => void (random.chance(0.2) && stagesOf(doc).delete('extra')), ME),
	raw((project, random) =>
		project.delete(random.pick(['nameEn', 'totalInvestmentYuan', 'caveat', 'notes', 'cities']))
	),
	raw((project) => project.set('cities', new Y.Map([['530400', true]]))),
	raw((project) => project.set('notes', new Y.XmlFragment())),
	// a project set again as a whole
	raw((project, random) => {
		const again = new Y.Map<unknown>();
		again.set('name', '新');
		again.set('place', { stage: random.pick(STARTING_STAGES), order: 'a0' });
		if (random.chance(0.5)) again.set('notes', new Y.XmlFragment());
		const projects = project.parent as Y.Map<unknown>;
		projects.set(project._item!.parentSub!, again);
	})
];
