import { expect, test } from 'vitest';
import { initials } from './initials.ts';

test.each([
	['李晓梅', 2, '晓梅'],
	['李晓梅', 1, '梅'],
	['杨林', 2, '杨林'],
	['欧阳·建国', 2, '建国'],
	['Alice Wong', 2, 'AW'],
	['Alice Mary Wong', 2, 'AW'],
	['alice', 2, 'A'],
	['Alice Wong', 1, 'A'],
	['王 Alice', 2, '王'],
	['  ', 2, '?'],
	['42', 1, '?']
] as const)('%s in %i characters is %s', (name, count, expected) => {
	expect(initials(name, count)).toBe(expected);
});
