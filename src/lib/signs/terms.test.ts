import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { PREFECTURES } from '#domain/cities.ts';
import { SECTORS } from '#domain/sectors.ts';
import { overwriteGetLocale } from '#lib/paraglide/runtime.js';
import { SECTOR_ICONS } from './sector-icons.ts';
import {
	SECTOR_GROUPS,
	basisName,
	cityFullName,
	cityName,
	dependencyName,
	fieldName,
	kindName,
	sectorGroup,
	sectorName,
	stageName
} from './terms.ts';

interface Term {
	id: string;
	adcode?: string;
	nameZh: string;
	nameEn: string;
	group?: string;
}
const seeds = (file: string) =>
	JSON.parse(readFileSync(join(import.meta.dirname, '../../../seeds', file), 'utf8')) as Term[];

let locale: 'zh-CN' | 'en' = 'zh-CN';
overwriteGetLocale(() => locale);
afterAll(() => overwriteGetLocale(() => 'zh-CN'));

function expectNames(name: (id: string) => string, terms: readonly Term[]) {
	for (const term of terms) {
		locale = 'zh-CN';
		expect(name(term.adcode ?? term.id)).toBe(term.nameZh);
		locale = 'en';
		expect(name(term.adcode ?? term.id)).toBe(term.nameEn);
	}
}

describe('the words of the interface are the words of the portfolio', () => {
	test('for stages', () => expectNames(stageName, seeds('stages.json')));
	test('for sectors', () => expectNames(sectorName, seeds('sectors.json')));
	test('for prefectures', () => {
		const prefectures: readonly string[] = PREFECTURES;
		const places = seeds('places.json').filter((place) => prefectures.includes(place.adcode ?? ''));
		expect(places).toHaveLength(PREFECTURES.length);
		expectNames(cityFullName, places);
	});
});

test('each sector has an icon of its own and the group the portfolio gives it', () => {
	expect(new Set(SECTORS.map((sector) => SECTOR_ICONS[sector])).size).toBe(SECTORS.length);
	for (const sector of seeds('sectors.json')) expect(sectorGroup(sector.id)).toBe(sector.group);
	expect(new Set(SECTORS.map(sectorGroup))).toEqual(new Set(SECTOR_GROUPS));
});

test('each prefecture has a short word', () => {
	locale = 'zh-CN';
	for (const city of PREFECTURES) expect(cityName(city)).toMatch(/^\p{Script=Han}{2,4}$/u);
});

test('what has no word is shown as it is', () => {
	expect([sectorName('x'), cityName('999999'), stageName('x'), kindName('x')]).toEqual([
		'x',
		'999999',
		'x',
		'x'
	]);
});

test('a stage of a board has the name planners gave it there', () => {
	const stage = { id: 'construction', name: '施工', nameEn: '' };
	locale = 'zh-CN';
	expect(stageName(stage)).toBe('施工');
	locale = 'en';
	expect(stageName(stage)).toBe('施工');
	expect(stageName({ ...stage, nameEn: 'Works' })).toBe('Works');
});

test('a word that every object has is no word of ours', () => {
	for (const name of [kindName, dependencyName, basisName, stageName, fieldName])
		for (const key of ['toString', 'constructor', '__proto__']) expect(name(key)).toBe(key);
});
