import { CHANGE_KINDS } from '#domain/change.ts';
import { dayInChina, isPartialDate, startInChina } from '#domain/dates.ts';
import { isId } from '#domain/ids.ts';
import { Refusal } from '#domain/refusal.ts';
import { META_FIELDS, PROJECT_FIELDS, STAGE_FIELDS } from '#doc/fields.ts';
import type { Bound, ChangeQuery, Place } from './change-query.ts';
import { parseMoment } from './moment.ts';

/** Names of the parameters of a history request; an empty one counts as absent. */
export type HistoryParameter =
	'project' | 'actor' | 'org' | 'field' | 'kind' | 'since' | 'until' | 'after' | 'limit' | 'order';
export type HistoryParameters = Readonly<Partial<Record<HistoryParameter, string>>>;

/** A request as parsed; whose changes an organisation's are is looked up later. */
export type HistoryQuery = Omit<ChangeQuery, 'actors'> & {
	people?: readonly string[] | undefined;
	orgs?: readonly string[] | undefined;
};

type Order = ChangeQuery['order'];
const ORDERS: readonly Order[] = ['entered', 'dated'];
const FIELDS = new Set([PROJECT_FIELDS, META_FIELDS, STAGE_FIELDS].flatMap((fields) => Object.keys(fields)));
const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 500;
/** What the database's integer column takes. */
const INDEX_MAX = 2 ** 31 - 1;

function refuse(parameter: HistoryParameter, message: string): never {
	throw new Refusal('bad-request', `"${parameter}" ${message}`, { path: [parameter] });
}

/**
 * Reads the parameters of a history request.
 * @throws {Refusal} `bad-request` naming the parameter that does not fit
 */
export function parseHistoryQuery(parameters: HistoryParameters): HistoryQuery {
	const given = (name: HistoryParameter) => parameters[name] || undefined;
	const order = parseOrder(given('order'));
	return {
		projects: parseIds('project', given('project')),
		people: parseIds('actor', given('actor')),
		orgs: parseIds('org', given('org')),
		field: parseField(given('field')),
		kinds: parseKinds(given('kind')),
		since: parseBound('since', given('since')),
		until: parseBound('until', given('until')),
		after: parseCursor(order, given('after')),
		limit: parseLimit(given('limit')),
		order
	};
}

function parseOrder(text: string | undefined): Order {
	if (text === undefined) return 'entered';
	return ORDERS.find((order) => order === text) ?? refuse('order', `is one of ${ORDERS.join(', ')}`);
}

function parseIds(parameter: HistoryParameter, text: string | undefined): string[] | undefined {
	const ids = text?.split(',');
	return (ids?.every(isId) ?? true) ? ids : refuse(parameter, 'is one or more ids, with commas between');
}

function parseField(text: string | undefined): string | undefined {
	return text === undefined || FIELDS.has(text)
		? text
		: refuse('field', `is one of ${[...FIELDS].join(', ')}`);
}

function parseKinds(text: string | undefined): string[] | undefined {
	const kinds = text?.split(',');
	const isKnown = kinds?.every((kind) => (CHANGE_KINDS as readonly string[]).includes(kind)) ?? true;
	return isKnown
		? kinds
		: refuse('kind', `is one or more of ${CHANGE_KINDS.join(', ')}, with commas between`);
}

function parseLimit(text: string | undefined): number {
	if (text === undefined) return LIMIT_DEFAULT;
	const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
	return limit >= 1 && limit <= LIMIT_MAX ? limit : refuse('limit', `is a whole number in 1..${LIMIT_MAX}`);
}

function parseBound(parameter: 'since' | 'until', text: string | undefined): Bound | undefined {
	if (text === undefined) return undefined;
	if (isPartialDate(text)) return { at: startInChina(text), date: text };
	const moment = parseMoment(text);
	if (!moment) refuse(parameter, 'is a date YYYY[-MM[-DD]] in China or an ISO 8601 time with its zone');
	const at = moment.toISOString();
	return { at, date: dayInChina(at) };
}

/** Where the next page begins, as an opaque text. */
export function encodeCursor(order: Order, row: Place): string {
	return Buffer.from(JSON.stringify([order, row.dated, row.seq, row.index])).toString('base64url');
}

function parseCursor(order: Order, text: string | undefined): Place | undefined {
	if (text === undefined) return undefined;
	const [itsOrder, dated, seq, index] = decodeList(text);
	const isPlace = isDated(dated) && isCount(seq) && isIndex(index);
	if (!isPlace || itsOrder !== order) refuse('after', 'is not the "next" of an answer in the same order');
	return { dated, seq, index };
}

/** A document's date, or the moment of a change. */
function isDated(value: unknown): value is string {
	return typeof value === 'string' && (isPartialDate(value) || parseMoment(value) !== undefined);
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Acts after an entry stand below 0. */
function isIndex(value: unknown): value is number {
	return Number.isSafeInteger(value) && Math.abs(Number(value)) <= INDEX_MAX;
}

function decodeList(text: string): unknown[] {
	try {
		const list: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
		return Array.isArray(list) ? list : [];
	} catch {
		return []; // not JSON: not a cursor either
	}
}
