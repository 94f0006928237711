import { describe, expect, test } from 'vitest';
import { dayInChina, isPartialDate } from './dates.ts';
import { type Evidence, isToVerify, newestEvidence } from './evidence.ts';
import { isId } from './ids.ts';
import { can, ROLES } from './roles.ts';
import { boardStageOf, ENGINEERING_STAGES, STATED_STAGES } from './stages.ts';

const said = (id: string, date: string, scope: Evidence['scope'] = 'exact'): Evidence => ({
	id,
	document: id,
	section: '',
	date,
	stageWord: '推进',
	stage: 'construction',
	modality: 'directive',
	scope,
	confidence: 'medium'
});

describe('dates are as exact as their source', () => {
	test.each(['2020', '2014-05', '2026-05-19', '2024-02-29'])('%s is one', (date) => {
		expect(isPartialDate(date)).toBe(true);
	});
	test.each(['2023-02-29', '2020-13', '20', '2020-1', '2020-01-01T00:00', '', 2020])('%s is none', (date) => {
		expect(isPartialDate(date)).toBe(false);
	});
});

describe('evidence', () => {
	test('the newest about the project itself counts before newer talk about a wider programme', () => {
		expect(newestEvidence([said('a', '2014-05'), said('b', '2020', 'broader')])?.id).toBe('a');
		expect(newestEvidence([said('b', '2020', 'broader')])?.id).toBe('b');
		expect(newestEvidence([])).toBeUndefined();
	});
	test('a card is to verify while no document of the year speaks of it', () => {
		expect(isToVerify([said('a', '2022-10-13')], 2026)).toBe(true);
		expect(isToVerify([said('a', '2026-05-19')], 2026)).toBe(false);
	});
});

test('every stated stage has a column of the engineering template', () => {
	for (const stated of STATED_STAGES) expect(ENGINEERING_STAGES).toContain(boardStageOf(stated));
});

test('whoever is on a board may read it, and only owner, coordinator and planner may edit it', () => {
	expect(ROLES.filter((role) => can(role, 'board:read'))).toEqual([...ROLES]);
	expect(ROLES.filter((role) => can(role, 'board:edit'))).toEqual(['owner', 'coordinator', 'planner']);
});

test.each(['__proto__', 'constructor', 'prototype', '', '.a', 'a/b', 'a b', 'x'.repeat(81)])(
	'%j is no id',
	(id) => {
		expect(isId(id)).toBe(false);
	}
);

test('days are days in China', () => {
	expect(dayInChina('2026-05-19T15:59:59.999Z')).toBe('2026-05-19');
	expect(dayInChina('2026-05-19T16:00:00.000Z')).toBe('2026-05-20');
});
