import fc from 'fast-check';
import * as Y from 'yjs';
import { SECTORS } from '#domain/sectors.ts';
import {
	addProject,
	addStage,
	moveProject,
	removeProject,
	renameStage,
	setEntry,
	setField,
	setTitle
} from '#doc/mutators.ts';
import { findNotes, projectsOf, stagesOf } from '#doc/schema.ts';

const PEOPLE = ['mei', 'bo', 'lan'];
export const STAGES = ['study', 'planned', 'construction'];
/** The third is one of the library. */
export const PROJECTS = ['p0', 'p1', 'kunyu-tielu-kuoneng'];

/** What one person does in their own copy of the board. */
export type Write = (doc: Y.Doc) => void;

const person = fc.constantFrom(...PEOPLE);
const project = fc.constantFrom(...PROJECTS);
const stage = fc.constantFrom(...STAGES, 's-new');
const city = fc.constantFrom('530100', '530300', '530400');
const record = fc.constantFrom('e1', 'e2');

/** What one document says; dates as exact as they may be. */
export const evidence = (date: string, stageWord = '推进') => ({
	document: 'doc-1',
	section: '一',
	date,
	stageWord,
	stage: 'construction',
	modality: 'directive',
	scope: 'exact',
	confidence: 'medium'
});

function fields(name: string) {
	return {
		name,
		sector: 'rail',
		cities: { '530100': true },
		evidence: { e1: evidence('2025-03') },
		figures: { f1: { value: 12, unit: 'km', document: 'doc-1' } }
	};
}

/** Adds a project, or a project of the same id over it, as another client may. */
function putProject(doc: Y.Doc, projectId: string, stageId: string): void {
	if (!stagesOf(doc).has(stageId)) return;
	doc.transact(() => {
		projectsOf(doc).delete(projectId);
		addProject(doc, { projectId, stageId, index: 0, fields: fields(`项目 ${stageId}`) });
	});
}

function add(doc: Y.Doc, projectId: string, stageId: string): void {
	if (!projectsOf(doc).has(projectId)) putProject(doc, projectId, stageId);
}

function move(doc: Y.Doc, projectId: string, stageId: string, index: number): void {
	if (stagesOf(doc).has(stageId)) moveProject(doc, { projectId, stageId, index });
}

/** Writes a line into a project's notes. */
export function writeNotes(doc: Y.Doc, projectId: string, line: string): void {
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(line)]);
	findNotes(doc, projectId)?.push([paragraph]);
}

/** Takes the first line out of a project's notes. */
export function strikeNotes(doc: Y.Doc, projectId: string): void {
	const notes = findNotes(doc, projectId);
	if (notes && notes.length > 0) notes.delete(0, 1);
}

function removeAndUndo(doc: Y.Doc, projectId: string): void {
	const undo = new Y.UndoManager(projectsOf(doc));
	removeProject(doc, projectId);
	undo.undo();
	undo.destroy();
}

function replaceStage(doc: Y.Doc, stageId: string, name: string): void {
	const map = new Y.Map<unknown>();
	for (const [key, value] of Object.entries({ name, nameEn: name, order: 'a5' })) map.set(key, value);
	stagesOf(doc).set(stageId, map);
}

const entry = (field: 'cities' | 'evidence' | 'figures' | 'dependencies', key: string, value: unknown) =>
	fc.tuple(project, fc.boolean()).map(
		([projectId, isIn]): Write =>
			(doc) =>
				setEntry(doc, { projectId, field, key, value: isIn ? value : undefined })
	);

const onProjects: fc.Arbitrary<Write> = fc.oneof(
	fc.tuple(project, stage).map(
		([id, to]): Write =>
			(doc) =>
				add(doc, id, to)
	),
	fc.tuple(project, stage).map(
		([id, to]): Write =>
			(doc) =>
				putProject(doc, id, to)
	),
	fc.tuple(project, stage, fc.nat({ max: 3 })).map(
		([id, to, at]): Write =>
			(doc) =>
				move(doc, id, to, at)
	),
	project.map(
		(id): Write =>
			(doc) =>
				removeProject(doc, id)
	),
	project.map(
		(id): Write =>
			(doc) =>
				removeAndUndo(doc, id)
	)
);

const onFields: fc.Arbitrary<Write> = fc.oneof(
	fc.tuple(project, fc.constantFrom(...SECTORS)).map(
		([projectId, value]): Write =>
			(doc) =>
				setField(doc, { projectId, field: 'sector', value })
	),
	fc.tuple(project, fc.option(fc.nat({ max: 3 }))).map(
		([projectId, value]): Write =>
			(doc) =>
				setField(doc, { projectId, field: 'totalInvestmentYuan', value })
	),
	city.chain((code) => entry('cities', code, true)),
	fc
		.tuple(record, fc.constantFrom('2024', '2025-03', '2026-05-19'))
		.chain(([id, date]) => entry('evidence', id, evidence(date))),
	fc.nat({ max: 2 }).chain((value) => entry('figures', 'f1', { value, unit: 'km', document: null })),
	project.chain((other) => entry('dependencies', other, { type: 'needs', basis: 'stated' }))
);

const onNotes: fc.Arbitrary<Write> = fc.oneof(
	fc.tuple(project, fc.string({ maxLength: 5 })).map(
		([id, line]): Write =>
			(doc) =>
				writeNotes(doc, id, line)
	),
	project.map(
		(id): Write =>
			(doc) =>
				strikeNotes(doc, id)
	)
);

const onLayout: fc.Arbitrary<Write> = fc.oneof(
	fc.nat({ max: 3 }).map(
		(index): Write =>
			(doc) =>
				addStage(doc, { stage: { id: 's-new', name: '新', nameEn: 'New' }, index })
	),
	stage.map(
		(id): Write =>
			(doc) =>
				stagesOf(doc).delete(id)
	),
	stage.map(
		(id): Write =>
			(doc) =>
				replaceStage(doc, id, '换')
	),
	fc.tuple(stage, fc.constantFrom('甲', '乙')).map(
		([stageId, name]): Write =>
			(doc) =>
				renameStage(doc, { stageId, name, nameEn: name })
	),
	fc.constantFrom('甲板', '乙板').map(
		(title): Write =>
			(doc) =>
				setTitle(doc, title)
	)
);

/** Every way in which a board can change, our own client's and others'. */
const write: fc.Arbitrary<Write> = fc.oneof(
	{ weight: 5, arbitrary: onProjects },
	{ weight: 5, arbitrary: onFields },
	{ weight: 8, arbitrary: onNotes },
	{ weight: 1, arbitrary: onLayout }
);

/** One step of a session: somebody writes or reads, time passes, the program stores or is started again. */
export type Step =
	| { do: 'edit'; by: string; write: Write }
	| { do: 'deliver'; to: string }
	| { do: 'wait'; ms: number }
	| { do: 'commit' | 'snapshot' | 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 12,
		arbitrary: fc.record({ do: fc.constant('edit' as const), by: person, write })
	},
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), to: person }) },
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constant('wait' as const),
			// also back: clocks are set; and around the pauses that end a sitting
			ms: fc.constantFrom(-60_000, 1, 19_000, 21_000, 299_000, 301_000, 86_400_000)
		})
	},
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'snapshot' as const, 'restart' as const) })
	}
);
export const session: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 10, maxLength: 60, size: 'max' });
