import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { findRootProblem, narrowRoot, parseRoot, signRoot, type SignedRoot } from './signed-root.ts';

const pair = generateKeyPairSync('ed25519');
const id = 'a'.repeat(64);
const keys = new Map([[id, pair.publicKey]]);
const head = (board: string, seq: number) => ({ board, seq, hash: String(seq % 10).repeat(64) });
const root = signRoot([head('yuxi', 5), head('kunming', 7), head('qujing', 9)], {
	day: '2026-11-25',
	at: '2026-11-25T03:00:00.000Z',
	key: { privateKey: pair.privateKey, id }
});

test('a root as it was signed holds, whole and as far as it speaks of one board', () => {
	expect(root.boards.map(({ board }) => board)).toEqual(['kunming', 'qujing', 'yuxi']);
	expect(findRootProblem(root, keys)).toBeNull();
	for (const { board } of root.boards) {
		const narrow = narrowRoot(root, board)!;
		expect(findRootProblem(narrow, keys)).toBeNull();
		expect(JSON.stringify(narrow).match(/kunming|qujing|yuxi/g)).toEqual([board]);
	}
	expect(narrowRoot(root, 'honghe')).toBeUndefined();
	expect(parseRoot(JSON.parse(JSON.stringify(root)))).toEqual(root);
	expect(parseRoot(JSON.parse(JSON.stringify(narrowRoot(root, 'yuxi'))))).toEqual(narrowRoot(root, 'yuxi'));
});

const changed = (part: Partial<SignedRoot>): SignedRoot => ({ ...root, ...part });
const narrow = narrowRoot(root, 'yuxi')!;
test.each<[string, SignedRoot, string]>([
	['another day', changed({ day: '2026-11-24' }), 'bad-signature'],
	['another time', changed({ at: '2026-11-25T03:00:00.001Z' }), 'bad-signature'],
	['another root', changed({ root: '0'.repeat(64) }), 'bad-signature'],
	['another number of boards', changed({ size: 4 }), 'bad-signature'],
	['another signature', changed({ signature: Buffer.alloc(64).toString('base64') }), 'bad-signature'],
	['another key', changed({ key: 'b'.repeat(64) }), 'unknown-key'],
	['another entry', changed({ boards: [head('kunming', 8), ...root.boards.slice(1)] }), 'other-boards'],
	['a board less', changed({ boards: root.boards.slice(1) }), 'other-boards'],
	['no board', changed({ boards: [] }), 'other-boards'],
	['a board put in', { ...narrow, boards: [{ ...narrow.boards[0]!, board: 'honghe' }] }, 'other-boards'],
	['another place', { ...narrow, boards: [{ ...narrow.boards[0]!, index: 1 }] }, 'other-boards']
])('a root with %s proves nothing', (_, other, problem) => {
	expect(findRootProblem(other, keys)).toBe(problem);
});

test('what is no root is not read as one', () => {
	for (const value of [
		null,
		'x',
		{},
		{ ...root, more: 1 },
		{ ...root, day: '2026-13-01' },
		{ ...root, boards: 1 }
	])
		expect(parseRoot(value)).toBeUndefined();
});
