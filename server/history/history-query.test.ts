import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHANGE_KINDS } from '#domain/change.ts';
import { isRefusal } from '#domain/refusal.ts';
import {
	encodeCursor,
	type HistoryParameter,
	type HistoryParameters,
	parseHistoryQuery
} from './history-query.ts';

/** The parameter a refusal names, or what was parsed. */
function refusedParameter(parameters: HistoryParameters): unknown {
	try {
		return parseHistoryQuery(parameters);
	} catch (error) {
		if (!isRefusal(error) || error.code !== 'bad-request') throw error;
		expect(error.message).toContain(`"${error.path[0]}"`);
		return error.path[0];
	}
}

test('nothing asked for: fifty changes of everybody in the order of their entry', () => {
	expect(parseHistoryQuery({})).toMatchObject({ order: 'entered', limit: 50 });
	expect(parseHistoryQuery({ project: '', kind: '', limit: '', since: '' })).toEqual(parseHistoryQuery({}));
});

test('everything asked for', () => {
	const after = encodeCursor('dated', { dated: '2024-07', seq: 5, index: -2 });
	const query = parseHistoryQuery({
		project: 'kunyu',
		actor: 'system,u1',
		org: 'org-km',
		field: 'totalInvestmentYuan',
		kind: 'field-set,project-moved',
		since: '2026-05-19',
		until: '2026-05-19T16:00:00+08:00',
		order: 'dated',
		limit: '500',
		after
	});
	expect(query).toEqual({
		projects: ['kunyu'],
		people: ['system', 'u1'],
		orgs: ['org-km'],
		field: 'totalInvestmentYuan',
		kinds: ['field-set', 'project-moved'],
		since: { at: '2026-05-18T16:00:00.000Z', date: '2026-05-19' },
		until: { at: '2026-05-19T08:00:00.000Z', date: '2026-05-19' },
		order: 'dated',
		limit: 500,
		after: { dated: '2024-07', seq: 5, index: -2 }
	});
});

describe('dates are days, months and years in China', () => {
	test.each([
		['2026-05-19', '2026-05-18T16:00:00.000Z'],
		['2026-05', '2026-04-30T16:00:00.000Z'],
		['2026', '2025-12-31T16:00:00.000Z'],
		['0050', '0049-12-31T16:00:00.000Z']
	])('%s begins at %s', (since, at) => {
		expect(parseHistoryQuery({ since }).since).toEqual({ at, date: since });
	});
	test('a moment is on its day there', () => {
		expect(parseHistoryQuery({ since: '2026-05-18T17:00:00Z' }).since?.date).toBe('2026-05-19');
	});
});

test.each<[HistoryParameter, string]>([
	['project', '../x'],
	['project', '__proto__'],
	['project', "a' or '1'='1"],
	['project', 'a'.repeat(81)],
	['actor', 'a\u0000b'],
	['org', '%'],
	['project', 'a,'],
	['actor', ',a'],
	['org', 'a,,b'],
	['field', 'constructor'],
	['field', 'passwort'],
	['kind', 'everything'],
	['kind', 'field-set,'],
	['kind', 'field-set,field-set;drop'],
	['limit', '0'],
	['limit', '-1'],
	['limit', '501'],
	['limit', '1e2'],
	['limit', 'NaN'],
	['order', 'oldest'],
	['since', 'yesterday'],
	['since', '2026-02-30'],
	['since', '2026-02-30T00:00:00Z'],
	['until', '2026-05-19T08:00:00'],
	['until', '9999-12-31T23:59:59-10:00'],
	['after', 'x'],
	['after', Buffer.from('[]').toString('base64url')],
	['after', Buffer.from('["entered","2026",1e99,0]').toString('base64url')],
	['after', Buffer.from('["entered","2026",-1,0]').toString('base64url')],
	['after', Buffer.from('["entered","2026",1,-4294967296]').toString('base64url')],
	['after', Buffer.from('["entered","2026",1,4294967296]').toString('base64url')],
	['after', Buffer.from('["entered","\\u0000",1,0]').toString('base64url')],
	['after', Buffer.from('["entered",{"a":1},1,0]').toString('base64url')],
	['after', Buffer.from('['.repeat(9_000)).toString('base64url')],
	['after', encodeCursor('dated', { dated: '2026', seq: 1, index: 0 })]
])('"%s" is refused by name: %s', (name, value) => {
	expect(refusedParameter({ [name]: value })).toBe(name);
});

test('whatever is sent is parsed or refused by the name of the parameter', () => {
	const names: HistoryParameter[] = ['project', 'actor', 'org', 'field', 'kind', 'since', 'until', 'after'];
	const parameter = fc.constantFrom<HistoryParameter>(...names, 'limit', 'order');
	fc.assert(
		fc.property(parameter, fc.string({ unit: 'binary' }), (name, value) => {
			const outcome = refusedParameter({ [name]: value });
			if (typeof outcome === 'string') expect(outcome).toBe(name);
		})
	);
});

test('a cursor is read as it was written', () => {
	const order = fc.constantFrom('entered' as const, 'dated' as const);
	const dated = fc.constantFrom('2024', '2024-07', '2024-07-01', '2026-05-19T08:00:00.000Z');
	fc.assert(
		fc.property(order, dated, fc.nat(), fc.nat(), (by, at, seq, index) => {
			const row = { dated: at, seq, index };
			expect(parseHistoryQuery({ order: by, after: encodeCursor(by, row) }).after).toEqual(row);
		})
	);
});

test('every kind can be asked for', () => {
	expect(parseHistoryQuery({ kind: CHANGE_KINDS.join(',') }).kinds).toEqual([...CHANGE_KINDS]);
});
