import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Change } from '#domain/change.ts';
import { inspectUpdate } from '#doc/inspection/inspect.ts';
import {
	addProject,
	addStage,
	initBoard,
	moveProject,
	removeProject,
	renameStage,
	setEntry,
	setField,
	setTitle
} from '#doc/mutators.ts';
import { findNotes, projectsOf, stagesOf } from '#doc/schema.ts';
import { describeUpdate } from './derive-changes.ts';

const said = {
	document: 'plan',
	section: '三',
	date: '2024-07',
	stageWord: '推进',
	stage: 'construction',
	modality: 'directive',
	scope: 'exact',
	confidence: 'high'
};
let server: Y.Doc;
let client: Y.Doc;

/** What the server says an edit changed. */
function changesOf(edit: (doc: Y.Doc) => void): Change[] {
	const sent: Uint8Array[] = [];
	const onUpdate = (update: Uint8Array) => void sent.push(update);
	client.on('update', onUpdate);
	edit(client);
	client.off('update', onUpdate);
	return sent.flatMap((update) =>
		describeUpdate(server, inspectUpdate(server, update).touched, () => Y.applyUpdate(server, update))
	);
}

function write(doc: Y.Doc, projectId: string, text: string, attributes = {}): void {
	const paragraph = new Y.XmlElement('paragraph');
	const line = new Y.XmlText();
	line.insert(0, text, attributes);
	paragraph.insert(0, [line]);
	findNotes(doc, projectId)!.push([paragraph]);
}

beforeEach(() => {
	[server, client] = [new Y.Doc(), new Y.Doc()];
	const stages = ['study', 'planned'].map((id) => ({ id, name: id, nameEn: id }));
	changesOf((doc) => initBoard(doc, { title: '板', template: 'stages', stages }));
	const fields = { name: '昆玉铁路', sector: 'rail', cities: { '530100': true } };
	changesOf((doc) => addProject(doc, { projectId: 'a', stageId: 'study', index: 0, fields }));
});

describe('a project', () => {
	test('added: all it holds, and its evidence in rows of its own', () => {
		const fields = { name: '新', sector: 'road', evidence: { e1: said } };
		const changes = changesOf((doc) =>
			addProject(doc, { projectId: 'b', stageId: 'planned', index: 0, fields })
		);
		expect(changes).toMatchObject([
			{ kind: 'project-added', projectId: 'b', projectName: '新', stageId: 'planned', before: null },
			{ kind: 'evidence-added', projectId: 'b', field: 'evidence', member: 'e1', before: null, after: said }
		]);
		expect(changes[0]!.after).toMatchObject({ name: '新', sector: 'road', place: { stage: 'planned' } });
		expect(changes[0]!.after).not.toHaveProperty('evidence');
	});

	test('removed: under its last name, with all it held, evidence and notes too', () => {
		changesOf((doc) => setEntry(doc, { projectId: 'a', field: 'evidence', key: 'e1', value: said }));
		changesOf((doc) => write(doc, 'a', '已立项'));
		const changes = changesOf((doc) => removeProject(doc, 'a'));
		expect(changes).toMatchObject([
			{ kind: 'project-removed', projectId: 'a', projectName: '昆玉铁路', stageId: 'study', after: null }
		]);
		expect(changes[0]!.before).toMatchObject({
			cities: { '530100': true },
			evidence: { e1: said },
			notes: '已立项'
		});
	});

	test('brought back by undo, or added anew under its id: restored, its evidence not entered again', () => {
		changesOf((doc) => setEntry(doc, { projectId: 'a', field: 'evidence', key: 'e1', value: said }));
		const undo = new Y.UndoManager(projectsOf(client));
		changesOf((doc) => removeProject(doc, 'a'));
		const undone = changesOf(() => undo.undo());
		expect(undone).toMatchObject([{ kind: 'project-restored', projectName: '昆玉铁路', before: null }]);
		expect(undone[0]!.after).toMatchObject({ evidence: { e1: said } });
		changesOf((doc) => removeProject(doc, 'a'));
		const fields = { name: '同号', sector: 'road', evidence: { e1: said } };
		const again = changesOf((doc) => addProject(doc, { projectId: 'a', stageId: 'study', index: 0, fields }));
		expect(again.map(({ kind }) => kind)).toEqual(['project-restored']);
	});

	test('put in the place of one that stands there: told field by field', () => {
		const changes = changesOf((doc) =>
			doc.transact(() => {
				removeProject(doc, 'a');
				const fields = {
					name: '昆玉快线',
					sector: 'rail',
					cities: { '530400': true },
					evidence: { e1: said }
				};
				addProject(doc, { projectId: 'a', stageId: 'planned', index: 0, fields });
			})
		);
		expect(changes.map(({ kind, field, member }) => [kind, field, member])).toEqual([
			['field-set', 'name', null],
			['project-moved', 'place', null],
			['member-removed', 'cities', '530100'],
			['member-added', 'cities', '530400'],
			['evidence-added', 'evidence', 'e1']
		]);
		expect(changes.every(({ projectName }) => projectName === '昆玉快线')).toBe(true);
	});

	test('moved to another stage, and within one', () => {
		const fields = { name: '乙', sector: 'road' };
		changesOf((doc) => addProject(doc, { projectId: 'b', stageId: 'study', index: 1, fields }));
		const [within] = changesOf((doc) => moveProject(doc, { projectId: 'b', stageId: 'study', index: 0 }));
		expect(within).toMatchObject({ kind: 'project-reordered', stageId: 'study', field: 'place' });
		const [across] = changesOf((doc) => moveProject(doc, { projectId: 'b', stageId: 'planned', index: 0 }));
		expect(across).toMatchObject({
			kind: 'project-moved',
			stageId: 'planned',
			before: { stage: 'study' },
			after: { stage: 'planned' }
		});
	});
});

describe('a field', () => {
	test('set, and cleared', () => {
		const set = (value: number | null) =>
			changesOf((doc) => setField(doc, { projectId: 'a', field: 'totalInvestmentYuan', value }));
		expect(set(5)).toMatchObject([
			{ kind: 'field-set', field: 'totalInvestmentYuan', before: null, after: 5 }
		]);
		expect(set(null)).toMatchObject([{ before: 5, after: null }]);
	});

	test('cleared where it was never set is no change', () => {
		expect(changesOf((doc) => projectsOf(doc).get('a')!.set('subtype', null))).toEqual([]);
	});

	test('set to what it is by a client that does not look is no change', () => {
		expect(changesOf((doc) => projectsOf(doc).get('a')!.set('name', '昆玉铁路'))).toEqual([]);
	});

	test('the name: the row goes by the new one', () => {
		const [change] = changesOf((doc) => setField(doc, { projectId: 'a', field: 'name', value: '新名' }));
		expect(change).toMatchObject({ projectName: '新名', before: '昆玉铁路', after: '新名' });
	});
});

describe('an entry of a set or list', () => {
	const set = (field: 'figures' | 'evidence', key: string, value: unknown) =>
		changesOf((doc) => setEntry(doc, { projectId: 'a', field, key, value }));

	test('added, changed, removed', () => {
		const [km, more] = [12, 15].map((value) => ({ document: null, unit: 'km', value }));
		expect(set('figures', 'f', km)).toMatchObject([
			{ kind: 'member-added', member: 'f', before: null, after: km }
		]);
		expect(set('figures', 'f', more)).toMatchObject([{ kind: 'member-changed', before: km, after: more }]);
		expect(set('figures', 'f', undefined)).toMatchObject([
			{ kind: 'member-removed', before: more, after: null }
		]);
	});

	test('evidence enters as evidence; correcting or removing it is a change of an entry', () => {
		expect(set('evidence', 'e', said)).toMatchObject([{ kind: 'evidence-added', after: said }]);
		expect(set('evidence', 'e', { ...said, stageWord: '建成' })).toMatchObject([{ kind: 'member-changed' }]);
		expect(set('evidence', 'e', undefined)).toMatchObject([{ kind: 'member-removed' }]);
	});

	test('a whole set put in the place of another: one change an entry', () => {
		const changes = changesOf((doc) => {
			const cities = new Y.Map<unknown>();
			cities.set('530400', true);
			projectsOf(doc).get('a')!.set('cities', cities);
		});
		expect(changes.map(({ kind, member }) => [kind, member])).toEqual([
			['member-removed', '530100'],
			['member-added', '530400']
		]);
	});
});

describe('notes', () => {
	test('as plain lines before and after', () => {
		expect(changesOf((doc) => write(doc, 'a', '第一行'))).toMatchObject([
			{ kind: 'notes-edited', field: 'notes', before: '', after: '第一行' }
		]);
		expect(changesOf((doc) => write(doc, 'a', '第二行'))).toMatchObject([
			{ before: '第一行', after: '第一行\n第二行' }
		]);
	});

	test('formatting alone is a change, empty blocks are none', () => {
		expect(changesOf((doc) => write(doc, 'a', ''))).toEqual([]);
		changesOf((doc) => write(doc, 'a', '要点'));
		const bold = changesOf((doc) => {
			const line = (findNotes(doc, 'a')!.get(1) as Y.XmlElement).get(0) as Y.XmlText;
			line.format(0, 2, { bold: true });
		});
		expect(bold).toMatchObject([{ kind: 'notes-edited', before: '要点', after: '要点' }]);
	});

	test('long ones are cut, visibly and never within a character', () => {
		const [change] = changesOf((doc) => write(doc, 'a', '𠮷'.repeat(3_000)));
		expect(change!.after).toBe(`${'𠮷'.repeat(1_999)}…`);
		const [more] = changesOf((doc) => write(doc, 'a', '之后'));
		expect(more).toMatchObject({ kind: 'notes-edited', before: change!.after, after: change!.after });
	});
});

describe('the layout', () => {
	test('a stage added, renamed, ordered, removed', () => {
		const stage = { id: 's', name: '新', nameEn: 'New' };
		expect(changesOf((doc) => addStage(doc, { stage, index: 9 }))).toMatchObject([
			{ kind: 'stage-added', stageId: 's', projectId: null, before: null, after: { name: '新' } }
		]);
		expect(changesOf((doc) => renameStage(doc, { stageId: 's', name: '旧', nameEn: 'New' }))).toMatchObject([
			{ kind: 'stage-changed', stageId: 's', field: 'name', before: '新', after: '旧' }
		]);
		expect(changesOf((doc) => stagesOf(doc).delete('s'))).toMatchObject([
			{ kind: 'stage-removed', stageId: 's', before: { name: '旧' }, after: null }
		]);
	});

	test('the board’s title', () => {
		expect(changesOf((doc) => setTitle(doc, '新板'))).toMatchObject([
			{ kind: 'board-changed', field: 'title', before: '板', after: '新板', projectId: null }
		]);
	});
});

test('several changes of one update come in the order of their fields', () => {
	const changes = changesOf((doc) =>
		doc.transact(() => {
			setField(doc, { projectId: 'a', field: 'sector', value: 'road' });
			setTitle(doc, '新板');
			setEntry(doc, { projectId: 'a', field: 'cities', key: '530400', value: true });
		})
	);
	expect(changes.map(({ kind }) => kind).sort()).toEqual(['board-changed', 'field-set', 'member-added']);
});
