import { afterEach, expect, test, vi } from 'vitest';
import type { BoardDifference } from '#domain/board-differences.ts';
import { isOpen, RecoveryNotes } from './recovery-notes.ts';

afterEach(() => void vi.unstubAllGlobals());

const field = (projectId: string, name: string): BoardDifference => ({
	kind: 'field',
	projectId,
	name: projectId,
	field: name,
	member: null,
	board: null,
	copy: 1
});
/** Notes where the browser keeps nothing. */
const notes = () => new RecoveryNotes({ userId: 'u', boardId: 'b' });

test('one thing that is given up is gone, and the rest still waits', () => {
	const kept = notes();
	kept.write(1, new Map([['field/p/name/', 'lost'] as const, ['field/p/sector/', 'changed'] as const]));
	const listed = [field('p', 'name'), field('p', 'sector')];
	const open = kept.giveUp(1, listed[0]!, listed);
	expect([...open]).toEqual([['field/p/sector/', 'changed']]);
	expect([...(kept.read(1) ?? [])]).toEqual([...open]);
});

test('of a whole project that is back by now, the fields that are not given up stay listed', () => {
	const kept = notes();
	kept.write(1, new Map([['project/p', 'gone'] as const, ['title', 'lost'] as const]));
	const listed = [field('p', 'name'), field('p', 'sector')];
	const open = kept.giveUp(1, listed[0]!, listed);
	expect(isOpen(open, listed[0]!)).toBe(false);
	expect(isOpen(open, listed[1]!)).toBe(true);
	expect(open.get('title')).toBe('lost');
});
