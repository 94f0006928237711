import { CHANGE_KINDS, type ChangeKind, type RecordedChange } from '#domain/change.ts';
import { dayInChina } from '#domain/dates.ts';
import type { Order } from './group-rows.ts';

/** What of a history is asked for; its names in the address are those of the API. */
export interface HistoryFilter {
	projects: string[];
	people: string[];
	orgs: string[];
	kinds: ChangeKind[];
	field: string | null;
	/** A date `YYYY[-MM[-DD]]` in China or an ISO time; the first inclusive, the second exclusive. */
	since: string | null;
	until: string | null;
	order: Order;
}

/** Kinds of change people ask for together. */
export const KIND_GROUPS = {
	moved: ['project-moved'],
	values: ['field-set', 'member-added', 'member-changed', 'member-removed'],
	notes: ['notes-edited'],
	evidence: ['evidence-added'],
	came: ['project-added', 'project-taken', 'project-restored'],
	gone: ['project-removed'],
	clashes: ['clash', 'clash-settled'],
	ordered: ['project-reordered'],
	layout: ['stage-added', 'stage-removed', 'stage-changed', 'board-changed'],
	versions: ['version-named', 'version-changed', 'version-removed'],
	sessions: ['session-begun', 'session-ended'],
	refused: ['edit-refused']
} as const satisfies Record<string, readonly ChangeKind[]>;
export type KindGroup = keyof typeof KIND_GROUPS;
export const KIND_GROUP_NAMES = Object.keys(KIND_GROUPS) as KindGroup[];

/** The groups of which every kind is asked for. */
export function groupsOf(kinds: readonly ChangeKind[]): KindGroup[] {
	return KIND_GROUP_NAMES.filter((group) => KIND_GROUPS[group].every((kind) => kinds.includes(kind)));
}

const listIn = (parameters: URLSearchParams, name: string) =>
	(parameters.get(name) ?? '').split(',').filter((item) => item !== '');

/** Reads a filter from an address; what does not fit is left to the server to refuse. */
export function readFilter(parameters: URLSearchParams): HistoryFilter {
	const known = (kind: string): kind is ChangeKind => (CHANGE_KINDS as readonly string[]).includes(kind);
	return {
		projects: listIn(parameters, 'project'),
		people: listIn(parameters, 'actor'),
		orgs: listIn(parameters, 'org'),
		kinds: listIn(parameters, 'kind').filter(known),
		field: parameters.get('field') || null,
		since: parameters.get('since') || null,
		until: parameters.get('until') || null,
		order: parameters.get('order') === 'dated' ? 'dated' : 'entered'
	};
}

/** The filter as the query of an address, without the question mark; the same for the page and the API. */
export function queryOf(filter: HistoryFilter): string {
	const parameters: [string, string | null][] = [
		['project', filter.projects.join(',')],
		['actor', filter.people.join(',')],
		['org', filter.orgs.join(',')],
		['kind', filter.kinds.join(',')],
		['field', filter.field],
		['since', filter.since],
		['until', filter.until],
		['order', filter.order === 'dated' ? 'dated' : null]
	];
	// ids, dates and kinds need no escaping but for the colon and plus of a time
	return parameters.flatMap(([name, value]) => (value ? [`${name}=${escaped(value)}`] : [])).join('&');
}

const escaped = (value: string) => encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':');

/** Whether a filter holds anything back; the clock does not. */
export function isFiltering(filter: HistoryFilter): boolean {
	return queryOf({ ...filter, order: 'entered' }) !== '';
}

/**
 * Whether a change that has just come belongs into a filtered list.
 * @param orgOf organisation of a person
 */
export function isMeant(
	change: RecordedChange,
	filter: HistoryFilter,
	orgOf: (personId: string) => string | null
): boolean {
	const isIn = (list: readonly string[], item: string | null) =>
		list.length === 0 || (item !== null && list.includes(item));
	return (
		isIn(filter.projects, change.projectId) &&
		isIn(filter.people, change.actorId) &&
		isIn(filter.orgs, orgOf(change.actorId)) &&
		isIn(filter.kinds, change.kind) &&
		(filter.field === null || filter.field === change.field) &&
		isWithin(change, filter)
	);
}

/** A document's date may be a year or a month: it counts if any of its days does. */
function isWithin({ at, documentDate }: RecordedChange, { since, until, order }: HistoryFilter): boolean {
	if (order === 'dated' && documentDate !== null) {
		const [from, to] = [since && asDate(since), until && asDate(until)];
		return (!from || documentDate >= from || from.startsWith(documentDate)) && (!to || documentDate < to);
	}
	return (!since || !isBefore(at, since)) && (!until || isBefore(at, until));
}

const isMoment = (bound: string) => bound.includes('T');
const asDate = (bound: string) => (isMoment(bound) ? dayInChina(bound) : bound);
/** Days, months and years compare as text with the days in them. */
const isBefore = (at: string, bound: string) =>
	isMoment(bound) ? Date.parse(at) < Date.parse(bound) : dayInChina(at) < bound;
