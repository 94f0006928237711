import * as Y from 'yjs';
import { inspectUpdate } from '#doc/inspection/inspect.ts';
import { initBoard, setField } from '#doc/mutators.ts';
import { findNotes, projectsOf } from '#doc/schema.ts';
import { type Report, table } from './report.ts';

/** One measured row: what was inspected, how often, and what it took. */
export interface InspectRow {
	edit: string;
	projects: number;
	updates: number;
	bytes: number;
	microseconds: number;
	perSecond: number;
}

const STAGES = ['study', 'planned', 'construction'];
const EDITS_PER_KIND = 1_500;
const ROUNDS = 12;

/** How long the inspection of typical edits takes, on a small and on a large board. */
export async function run(): Promise<Report> {
	const figures = [200, 10_000].flatMap((projects) => measureBoard(projects));
	const rows = figures.map(({ edit, projects, bytes, microseconds, perSecond }) => [
		edit,
		...[projects, bytes, microseconds, perSecond].map((figure) => figure.toLocaleString('en'))
	]);
	const text = table([['edit', 'projects', 'bytes', 'µs a check', 'checks a second'], ...rows]);
	return { name: 'inspect', text, figures };
}

function measureBoard(projects: number): InspectRow[] {
	const state = Y.encodeStateAsUpdate(makeBoard(projects));
	const board = new Y.Doc();
	Y.applyUpdate(board, state);
	return Object.entries(EDITS).map(([edit, apply]) => {
		const updates = makeUpdates(state, projects, apply);
		const microseconds = bestOf(ROUNDS, () => {
			for (const update of updates) inspectUpdate(board, update);
		});
		return {
			edit,
			projects,
			updates: updates.length,
			bytes: updates[0]!.byteLength,
			microseconds: round(microseconds / updates.length),
			perSecond: Math.round((1e6 * updates.length) / microseconds)
		};
	});
}

const EDITS: Record<string, (doc: Y.Doc, projectId: string) => void> = {
	// without looking for neighbours: that is the work of the board, not of the inspection
	move: (doc, projectId) => projectsOf(doc).get(projectId)!.set('place', { stage: 'planned', order: 'a1V' }),
	'set a field': (doc, projectId) => setField(doc, { projectId, field: 'name', value: `新 ${projectId}` }),
	'type in notes': (doc, projectId) => textOf(doc, projectId).insert(3, '字'),
	'delete in notes': (doc, projectId) => textOf(doc, projectId).delete(2, 1)
};

function textOf(doc: Y.Doc, projectId: string): Y.XmlText {
	return (findNotes(doc, projectId)!.get(0) as Y.XmlElement).get(0) as Y.XmlText;
}

/** Edits by as many clients, each of which has seen the board and nothing of the others. */
function makeUpdates(
	state: Uint8Array,
	projects: number,
	edit: (doc: Y.Doc, projectId: string) => void
): Uint8Array[] {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, state);
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	const count = Math.min(EDITS_PER_KIND, projects);
	for (let index = 0; index < count; index++) {
		doc.clientID = 1_000_000 + index;
		// a step through the board that meets no project twice
		edit(doc, `p${(index * 7_919) % projects}`);
	}
	return updates;
}

function makeBoard(projects: number): Y.Doc {
	const doc = new Y.Doc();
	initBoard(doc, {
		title: '跨市重大项目',
		template: 'stages',
		stages: STAGES.map((id) => ({ id, name: id, nameEn: id }))
	});
	doc.transact(() => {
		for (let index = 0; index < projects; index++) projectsOf(doc).set(`p${index}`, makeProject(index));
	});
	return doc;
}

function makeProject(index: number): Y.Map<unknown> {
	const project = new Y.Map<unknown>();
	const values = { name: `第 ${index} 号项目`, nameEn: `Project ${index}`, sector: 'rail', kind: 'project' };
	for (const [key, value] of Object.entries(values)) project.set(key, value);
	project.set('place', { stage: STAGES[index % STAGES.length], order: `b${String(100 + (index % 900))}1` });
	project.set('cities', new Y.Map([['530100', true]]));
	for (const key of ['counties', 'evidence', 'figures', 'dependencies']) project.set(key, new Y.Map());
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText('已完成可研批复，正在办理用地预审。')]);
	const notes = new Y.XmlFragment();
	notes.insert(0, [paragraph]);
	project.set('notes', notes);
	return project;
}

/** The fewest microseconds that `work` took: other programs on the machine only ever add. */
function bestOf(rounds: number, work: () => void): number {
	let best = Number.POSITIVE_INFINITY;
	for (let round = 0; round < rounds; round++) {
		const startedAt = performance.now();
		work();
		best = Math.min(best, (performance.now() - startedAt) * 1_000);
	}
	return best;
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}

if (process.argv[1] === import.meta.filename) console.log((await run()).text);
