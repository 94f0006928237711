import type { ChangeKind, RecordedChange } from '#domain/change.ts';

/** From so many places on, changes of one kind are told in one row. */
const FOLD_MIN = 5;

/** Changes of one kind that somebody made one after the other, told in one row. */
export interface Fold {
	/** What all of them did; of a new project the evidence it brought is among the rows. */
	kind: ChangeKind;
	field: string | null;
	/** As listed: newest first. */
	rows: RecordedChange[];
	/** Projects, or entries of lists, that were changed. */
	count: number;
	/** Statements of documents that came with new projects. */
	evidence: number;
}

/** What a list of changes is made of: single rows, and many that are told in one. */
export type Folded = { row: RecordedChange; fold?: undefined } | { fold: Fold; row?: undefined };

const BEGINNINGS: readonly ChangeKind[] = ['project-added', 'project-taken'];
/** Kinds of which many are made at once: by an import, from the library, or by one action on many projects. */
const FOLDED: readonly ChangeKind[] = [
	...BEGINNINGS,
	'project-removed',
	'project-restored',
	'project-moved',
	'project-reordered',
	'field-set',
	'member-added',
	'member-changed',
	'member-removed',
	'evidence-added',
	'notes-edited'
];

/** A change with what came along with it. */
interface Bundle {
	head: RecordedChange;
	rows: RecordedChange[];
}

/** Puts rows of a sitting together where they are many of one kind, each about another place; their order stays. */
export function foldRows(rows: readonly RecordedChange[]): Folded[] {
	const runs: Bundle[][] = [];
	for (const bundle of bundled(rows)) {
		const run = runs.at(-1);
		if (run && isAlike(run[0]!.head, bundle.head)) run.push(bundle);
		else runs.push([bundle]);
	}
	return runs.flatMap(foldRun);
}

/** The evidence a new project brings stands behind it, in the same entry. */
function bundled(rows: readonly RecordedChange[]): Bundle[] {
	const bundles: Bundle[] = [];
	for (const row of rows) {
		const last = bundles.at(-1);
		if (last && cameWith(last.head, row)) last.rows.push(row);
		else bundles.push({ head: row, rows: [row] });
	}
	return bundles;
}

function cameWith(head: RecordedChange, { kind, seq, projectId }: RecordedChange): boolean {
	const isNew = BEGINNINGS.includes(head.kind) && kind === 'evidence-added';
	return isNew && seq === head.seq && projectId === head.projectId;
}

function isAlike(one: RecordedChange, other: RecordedChange): boolean {
	return FOLDED.includes(one.kind) && one.kind === other.kind && one.field === other.field;
}

function foldRun(run: readonly Bundle[]): Folded[] {
	const { kind, field } = run[0]!.head;
	const count = new Set(run.map(({ head }) => JSON.stringify([head.projectId, head.member]))).size;
	const rows = run.flatMap((bundle) => bundle.rows);
	if (count < FOLD_MIN) return rows.map((row) => ({ row }));
	return [{ fold: { kind, field, rows, count, evidence: rows.length - run.length } }];
}
