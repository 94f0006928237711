import { expect, test } from 'vitest';
import { ownAddress } from './own-address.ts';

test.each(['/', '/boards/dianzhong', '/boards/dianzhong/history?actor=u1&field=name#row-3'])(
	'%s leads to itself',
	(to) => expect(ownAddress(to)).toBe(to)
);

test.each([
	null,
	'',
	'boards',
	'https://evil.example/',
	'//evil.example/',
	'/\\evil.example/',
	'/\t/evil.example/',
	'/\n/evil.example/',
	'/.//evil.example/',
	'/..//evil.example/',
	'/%2e//evil.example',
	'javascript:alert(1)',
	'/\t\\evil.example'
])('%j leads to the front page', (to) => expect(ownAddress(to)).toBe('/'));
