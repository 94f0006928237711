import { expect, test } from 'vitest';
import { momentTyped, typedMoment } from './moment-inputs.ts';

test('what is typed is a time in China', () => {
	expect(momentTyped('2026-05-20T08:30')).toBe('2026-05-20T08:30:00+08:00');
	expect(typedMoment('2026-05-20T00:30:59.000Z')).toBe('2026-05-20T08:30');
});

test.each(['17', '2026-05-20T00:30:00Z', '2026-05-20', ''])('%j stays as it is', (text) => {
	expect(momentTyped(text)).toBe(text);
});
