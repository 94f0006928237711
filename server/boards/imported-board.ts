import * as v from 'valibot';
import type { LibraryRecord } from '#doc/library-record.ts';
import { isId } from '#domain/ids.ts';
import { NAME_MAX_CHARS } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import { SECTORS } from '#domain/sectors.ts';
import { TEMPLATES, type Template } from '#domain/stages.ts';

/** A project a board begins with, in the stage its record names. */
export type ImportedProject = LibraryRecord & {
	order?: string | undefined;
	notes?: readonly unknown[] | undefined;
};
/** What a board begins with; template and stages are said where they are not the usual ones. */
export interface ImportedBoard {
	projects: readonly ImportedProject[];
	template?: Template | undefined;
	stages?: readonly { id: string; name: string; nameEn: string; order?: string | undefined }[] | undefined;
}

const id = v.pipe(
	v.string(),
	v.check((value: string) => isId(value), 'is not an id')
);
const name = v.pipe(v.string(), v.nonEmpty('is empty'), v.maxLength(NAME_MAX_CHARS, 'is too long'));
const codes = v.optional(v.array(v.string()), []);
const optional = <S extends v.GenericSchema>(schema: S) => v.nullish(schema, undefined);

/** What is not said here is checked as the document format demands it, when the board is made. */
const ProjectIn = v.strictObject({
	id,
	name,
	nameEn: v.optional(v.string(), ''),
	originalName: optional(v.string()),
	kind: v.optional(v.string(), 'project'),
	sector: v.optional(v.picklist(SECTORS, 'is no sector'), 'planning'),
	subtype: optional(v.string()),
	leadCity: optional(v.string()),
	cities: codes,
	counties: codes,
	stage: v.string(),
	order: v.optional(v.string()),
	totalInvestmentYuan: optional(v.number()),
	investmentSource: optional(v.string()),
	investmentAsOf: optional(v.string()),
	evidence: v.optional(v.array(v.looseObject({ id })), []),
	figures: v.optional(v.array(v.looseObject({ id })), []),
	dependencies: v.optional(v.array(v.looseObject({ project: id })), []),
	caveat: optional(v.strictObject({ zh: v.string(), en: v.string() })),
	hasNotes: v.optional(v.boolean()),
	notes: v.optional(v.array(v.unknown()))
});
const StageIn = v.strictObject({
	id,
	name,
	nameEn: v.optional(v.string(), ''),
	order: v.optional(v.string())
});
const BoardIn = v.strictObject({
	id: v.optional(v.string()),
	seq: v.optional(v.number()),
	epoch: v.optional(v.number()),
	at: v.nullish(v.string()),
	title: v.optional(v.string()),
	template: v.optional(v.picklist(TEMPLATES, `is none of ${TEMPLATES.join(', ')}`)),
	projects: v.array(v.unknown()),
	stages: v.optional(v.array(StageIn))
});

function fail(where: string, [issue]: [v.BaseIssue<unknown>, ...unknown[]]): never {
	const place = [where, v.getDotPath(issue)].filter(Boolean).join(': ') || 'the file';
	throw new Refusal('bad-request', `${place} ${issue.message}`);
}

/** A record is named by its id where it has one, else by where it stands. */
function nameOf(record: unknown, index: number): string {
	const given = (record as { id?: unknown } | null)?.id;
	return typeof given === 'string' && isId(given) ? `project ${given}` : `projects.${index}`;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new Refusal('bad-request', `not JSON: ${error instanceof Error ? error.message : ''}`);
	}
}

/**
 * Reads a board from JSON: what `board export` writes, or a plain list of projects.
 * @throws {Refusal} `bad-request` naming the record and what is wrong with it
 */
export function parseImportedBoard(text: string): ImportedBoard {
	const given = parseJson(text);
	const board = v.safeParse(BoardIn, Array.isArray(given) ? { projects: given } : given);
	if (!board.success) fail('', board.issues);
	const { template, stages, projects } = board.output;
	return {
		template,
		stages,
		projects: projects.map((record, index) => {
			const project = v.safeParse(ProjectIn, record);
			if (!project.success) fail(nameOf(record, index), project.issues);
			return project.output as unknown as ImportedProject;
		})
	};
}
