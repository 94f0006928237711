import { expect, test } from 'vitest';
import { checkEmail, checkName } from './checks.ts';

test('a mail address is kept in small letters, without what surrounds it', () => {
	expect(checkEmail('  Mei.Li+board@FGW.km.example.cn ')).toBe('mei.li+board@fgw.km.example.cn');
});

test.each([
	'',
	'mei',
	'@example.cn',
	'mei@',
	'mei@localhost',
	'mei@@example.cn',
	'mei li@example.cn',
	'.mei@example.cn',
	'mei..li@example.cn',
	'mei@example..cn',
	'mei@example.cn\nbcc: bo@example.cn',
	`${'m'.repeat(250)}@example.cn`
])('%j is no mail address', (given) => {
	expect(() => checkEmail(given)).toThrow(expect.objectContaining({ code: 'bad-request', path: ['email'] }));
});

test('30 KB of almost an address cost no more than their length', () => {
	for (const text of ['a.'.repeat(15_000), `a@${'a.'.repeat(15_000)}`, `a@${'-'.repeat(30_000)}`])
		expect(() => checkEmail(text)).toThrow(/is not a mail address/);
});

test('a name is one line of 1 to 60 characters', () => {
	expect(checkName(' 李梅 ')).toBe('李梅');
	for (const name of ['', '   ', 'x'.repeat(61), 'a\u202Eb', 'a\u0000b', '\ud800'])
		expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'bad-request', path: ['name'] }));
});
