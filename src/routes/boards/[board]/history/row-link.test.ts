import { expect, test } from 'vitest';
import { beforeLink, rowLink } from './row-link.ts';

test('an edit of a project leads to the project as it was before', () => {
	expect(beforeLink('b', { kind: 'project-moved', seq: 8, projectId: 'p' })).toBe(
		'/boards/b/projects/p?at=7'
	);
	expect(beforeLink('b', { kind: 'project-removed', seq: 8, projectId: 'p' })).toBe(
		'/boards/b/projects/p?at=7'
	);
});

test.each([
	['the first entry of a board', { kind: 'field-set', seq: 1, projectId: 'p' }],
	['a project that was not there before', { kind: 'project-taken', seq: 8, projectId: 'p' }],
	['what changed nothing', { kind: 'clash-settled', seq: 8, projectId: 'p' }],
	['what is about no project', { kind: 'stage-added', seq: 8, projectId: null }]
] as const)('%s has no before', (_, change) => {
	expect(beforeLink('b', change)).toBeUndefined();
});

test('a named moment leads to the board then, a session to what it changed', () => {
	const hrefOf = (
		kind: 'version-named' | 'session-ended' | 'version-removed',
		after: Record<string, number>
	) => rowLink('b', { kind, seq: 20, after })?.href;
	expect(hrefOf('version-named', { seq: 7 })).toBe('/boards/b?at=7');
	expect(hrefOf('session-ended', { begunSeq: 12 })).toBe('/boards/b/history/compare?from=11&to=20');
	expect(hrefOf('session-ended', { begunSeq: 1 })).toBe('/boards/b/history/compare?from=1&to=20');
	expect(hrefOf('version-removed', { seq: 7 })).toBeUndefined();
});
