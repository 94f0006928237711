import { isId } from '#domain/ids.ts';
import { Refusal } from '#domain/refusal.ts';
import type { RestoreTarget } from '#domain/restore-target.ts';
import { PROJECT_FIELDS } from '#doc/fields.ts';

/** What is asked to be made as it was, and as it was when: an entry's number, or an ISO 8601 time with its zone. */
export interface RestoreRequest {
	at: string;
	target: RestoreTarget;
}

const NAMES = ['at', 'projectId', 'stageId', 'field', 'member'] as const;
type Name = (typeof NAMES)[number];

function refuse(name: string, problem: string): never {
	throw new Refusal('bad-request', `"${name}" ${problem}`, { path: [name] });
}

/** A text, where anything is given; the number of an entry may come as a number. */
function textAt(given: Readonly<Record<string, unknown>>, name: Name): string | undefined {
	const value = given[name];
	if (value === undefined || value === null || value === '') return undefined;
	if (name === 'at' && Number.isSafeInteger(value)) return String(value);
	return typeof value === 'string' ? value : refuse(name, 'is a text');
}

/**
 * Reads what is to be restored.
 * @throws {Refusal} `bad-request` naming what does not fit
 */
export function parseRestoreRequest(given: Readonly<Record<string, unknown>>): RestoreRequest {
	const unknown = Object.keys(given).find((name) => !(NAMES as readonly string[]).includes(name));
	if (unknown !== undefined) refuse(unknown.slice(0, 40), 'is not known here');
	const at = textAt(given, 'at') ?? refuse('at', 'is missing: which moment?');
	return { at, target: targetOf(given) };
}

function targetOf(given: Readonly<Record<string, unknown>>): RestoreTarget {
	const [projectId, stageId] = [idAt(given, 'projectId'), idAt(given, 'stageId')];
	const [field, member] = [textAt(given, 'field'), textAt(given, 'member')];
	if (projectId !== undefined && stageId !== undefined)
		refuse('stageId', 'and "projectId" exclude each other');
	if (member !== undefined && field === undefined) refuse('member', 'needs its "field"');
	if (projectId !== undefined) {
		if (field === undefined) return { kind: 'project', projectId };
		return { kind: 'field', projectId, field: fieldNamed(field, member), member: member ?? null };
	}
	if (stageId !== undefined) return field ? refuse('field', 'is of a project') : { kind: 'stage', stageId };
	if (field === undefined) return { kind: 'board' };
	return field === 'title' ? { kind: 'title' } : refuse('field', 'needs its "projectId"');
}

function idAt(given: Readonly<Record<string, unknown>>, name: Name): string | undefined {
	const id = textAt(given, name);
	return id === undefined || isId(id) ? id : refuse(name, 'is not an id');
}

function fieldNamed(field: string, member: string | undefined): string {
	const spec = Object.hasOwn(PROJECT_FIELDS, field) ? PROJECT_FIELDS[field] : undefined;
	if (!spec) return refuse('field', `is one of ${Object.keys(PROJECT_FIELDS).join(', ')}`);
	if (member !== undefined && (spec.shape !== 'map' || spec.key(member) !== null))
		refuse('member', `is no entry of ${field}`);
	return field;
}
