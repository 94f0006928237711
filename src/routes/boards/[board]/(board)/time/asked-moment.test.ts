import { expect, test } from 'vitest';
import { type AskedMoment, askedIn, searchOf, timeOf } from './asked-moment.ts';

const TIME = '2026-05-19T08:00:00+08:00';

test.each<[string, AskedMoment | undefined]>([
	['', undefined],
	['?at=57', { clock: 'entered', at: '57' }],
	[`?at=${encodeURIComponent(TIME)}`, { clock: 'entered', at: TIME }],
	['?said=2014-05', { clock: 'dated', date: '2014-05' }],
	['?said=yesterday', undefined],
	['?at=57&said=2014', { clock: 'entered', at: '57' }]
])('the address %j asks for a moment', (search, asked) => {
	expect(askedIn(new URLSearchParams(search), 'stages')).toEqual(asked);
	if (!search.includes('&') && asked) expect(searchOf(asked)).toBe(search);
});

test('documents are not asked about the stages of investment', () => {
	expect(askedIn(new URLSearchParams('?said=2014'), 'investment')).toBeUndefined();
	expect(askedIn(new URLSearchParams('?at=5'), 'investment')).toEqual({ clock: 'entered', at: '5' });
});

test('a time is told from the number of an entry', () => {
	expect(timeOf({ clock: 'entered', at: TIME })).toBe(TIME);
	expect(timeOf({ clock: 'entered', at: '57' })).toBeUndefined();
	expect(timeOf({ clock: 'dated', date: '2014' })).toBeUndefined();
	expect(searchOf(undefined)).toBe('');
});
