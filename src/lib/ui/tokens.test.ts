import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const CSS = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const PAIR = /--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g;
const TOKENS = new Map(
	[...CSS.matchAll(PAIR)].map(([, name, light, dark]) => [name ?? '', { light, dark }] as const)
);
const THEMES = ['light', 'dark'] as const;
const GROUNDS = ['surface', 'surface-raised', 'surface-sunken'];
const names = (pattern: RegExp) => [...TOKENS.keys()].filter((name) => pattern.test(name));

function luminance(hex: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
		const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two tokens by WCAG 2, 1 to 21. */
function contrast(one: string, other: string, theme: (typeof THEMES)[number]): number {
	const [a = 0, b = 0] = [one, other]
		.map((name) => luminance(TOKENS.get(name)?.[theme] ?? ''))
		.sort((x, y) => y - x);
	return (a + 0.05) / (b + 0.05);
}

describe.each(THEMES)('in the %s theme', (theme) => {
	const texts = names(/^(ink.*|accent|danger|warning|success|info|(sector|presence)-(?!ink).+)$/);
	test.each(texts)('%s is legible on every ground', (text) => {
		for (const ground of GROUNDS) expect(contrast(text, ground, theme), ground).toBeGreaterThanOrEqual(4.5);
	});
	test.each(names(/-soft$/))('its own word and ink are legible on %s', (soft) => {
		expect(contrast(soft.replace('-soft', ''), soft, theme)).toBeGreaterThanOrEqual(4.5);
		expect(contrast('ink', soft, theme)).toBeGreaterThanOrEqual(4.5);
		expect(contrast('ink-muted', soft, theme)).toBeGreaterThanOrEqual(4.5);
	});
	test.each(names(/^presence-\d/))('the letter on %s is legible', (presence) => {
		expect(contrast('presence-ink', presence, theme)).toBeGreaterThanOrEqual(4.5);
	});
	test('the word on a primary button is legible', () => {
		for (const ground of ['accent', 'accent-hover'])
			expect(contrast('accent-ink', ground, theme)).toBeGreaterThanOrEqual(4.5);
	});
	test.each(['line-strong', 'focus', 'seal'])('%s stands out from every ground', (edge) => {
		for (const ground of GROUNDS) expect(contrast(edge, ground, theme), ground).toBeGreaterThanOrEqual(3);
	});
});

test('there are twelve colours for people', () => {
	expect(names(/^presence-\d/)).toHaveLength(12);
});
