import { expect, test } from 'vitest';
import { addressOf } from './link-address.ts';

test.each([
	['https://www.yn.gov.cn/a?b=1', 'https://www.yn.gov.cn/a?b=1'],
	[' www.yn.gov.cn ', 'https://www.yn.gov.cn'],
	['HTTP://example.cn', 'HTTP://example.cn'],
	['a@yn.gov.cn', 'mailto:a@yn.gov.cn'],
	['mailto:a@yn.gov.cn', 'mailto:a@yn.gov.cn']
])('%j leads to %j', (typed, address) => {
	expect(addressOf(typed)).toBe(address);
});

test.each([
	'',
	'javascript:alert(1)',
	' JaVaScRiPt:alert(1)',
	'java\nscript:alert(1)',
	'data:text/html,<script>alert(1)</script>',
	'tel:12345',
	'https://',
	'two words',
	`https://example.cn/${'a'.repeat(1_500)}`
])('%j leads nowhere', (typed) => {
	expect(addressOf(typed)).toBeUndefined();
});
