import * as v from 'valibot';
import { Refusal } from '#domain/refusal.ts';
import { isId } from '#domain/ids.ts';
import { NAME_MAX_CHARS } from '#domain/limits.ts';
import { SECTORS } from '#domain/sectors.ts';
import type { LibraryRecord } from '#doc/library-record.ts';

/** Projects a board begins with, each in the stage its record names; stages, where they are not the template's. */
export interface ImportedBoard {
	projects: readonly LibraryRecord[];
	stages?: readonly { id: string; name: string; nameEn: string }[] | undefined;
}

const id = v.pipe(
	v.string(),
	v.check((value: string) => isId(value), 'is not an id')
);
const name = v.pipe(v.string(), v.nonEmpty('is empty'), v.maxLength(NAME_MAX_CHARS));
const codes = v.optional(v.array(v.string()), []);
const orUndefined = <S extends v.GenericSchema>(schema: S) => v.nullish(schema, undefined);

/** What is not said here is checked as the document format demands it, when the board is made. */
const ProjectIn = v.object({
	id,
	name,
	nameEn: v.optional(v.string(), ''),
	originalName: orUndefined(v.string()),
	kind: v.optional(v.string(), 'project'),
	sector: v.optional(v.picklist(SECTORS), 'planning'),
	leadCity: orUndefined(v.string()),
	cities: codes,
	counties: codes,
	stage: v.string(),
	totalInvestmentYuan: orUndefined(v.number()),
	investmentSource: orUndefined(v.string()),
	investmentAsOf: orUndefined(v.string()),
	evidence: v.optional(v.array(v.looseObject({ id })), []),
	figures: v.optional(v.array(v.looseObject({ id })), []),
	dependencies: v.optional(v.array(v.looseObject({ project: id })), []),
	caveat: orUndefined(v.object({ zh: v.string(), en: v.string() }))
});
const StageIn = v.object({ id, name, nameEn: v.optional(v.string(), '') });
const BoardIn = v.union([
	v.pipe(
		v.array(ProjectIn),
		v.transform((projects) => ({ projects, stages: undefined }))
	),
	v.object({ projects: v.array(ProjectIn), stages: v.optional(v.array(StageIn)) })
]);

/**
 * Reads a board from JSON: what `board export` writes, or a plain list of projects.
 * @throws {Refusal} `bad-request` naming the place and what is wrong there
 */
export function parseImportedBoard(text: string): ImportedBoard {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new Refusal('bad-request', `not JSON: ${error instanceof Error ? error.message : ''}`);
	}
	const schema = Array.isArray(value) ? BoardIn.options[0] : BoardIn.options[1];
	const result = v.safeParse(schema, value);
	if (!result.success) {
		const [issue] = result.issues;
		throw new Refusal('bad-request', `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
	}
	return result.output as unknown as ImportedBoard;
}
