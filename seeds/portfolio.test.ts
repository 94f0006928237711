import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { yearOf } from '#domain/dates.ts';
import { loadPortfolio, SeedError } from './portfolio.ts';

const portfolio = loadPortfolio();
const onBoard = portfolio.projects.filter((project) => project.boardOrder !== undefined);

describe('the portfolio', () => {
	test('holds all that the five documents name', () => {
		expect(portfolio.projects).toHaveLength(416);
		expect(portfolio.projects.flatMap((project) => project.evidence)).toHaveLength(483);
		expect(portfolio.documents.map((document) => document.date).sort()).toEqual([
			'2011-03-21',
			'2014-05',
			'2020',
			'2022-10-13',
			'2026-05-19'
		]);
		expect(portfolio.places).toHaveLength(75);
		expect(portfolio.workingGroups).toHaveLength(7);
	});
	test('puts 56 projects on the board, in an order without gaps', () => {
		expect(onBoard.map((project) => project.boardOrder).sort((a, b) => a! - b!)).toEqual(
			Array.from({ length: 56 }, (_, i) => i + 1)
		);
	});
	test('calls verified what a document of 2026 speaks of: 11 of the 56', () => {
		for (const project of portfolio.projects) {
			expect(project.verified).toBe(project.evidence.some((item) => yearOf(item.date) >= 2026));
		}
		expect(onBoard.filter((project) => project.verified)).toHaveLength(11);
	});
	test('holds facts, not sentences: stage words of a few characters', () => {
		const words = portfolio.projects.flatMap((project) => project.evidence.map((item) => item.stageWord));
		expect(Math.max(...words.map((word) => word.length))).toBeLessThanOrEqual(12);
	});
	test('holds no phone number', () => {
		expect(JSON.stringify(portfolio)).not.toMatch(/\d{3,4}[-—]\d{7,8}|\b1[3-9]\d{9}\b/);
	});
});

describe('a malformed record is named and refused', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'seeds-'));
		cpSync(import.meta.dirname, folder, { recursive: true });
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	/** Loads the portfolio with the third line of the projects (the second record) replaced. */
	function problemsWith(edit: (line: string) => string): readonly string[] {
		const path = join(folder, 'projects.json');
		const lines = readFileSync(path, 'utf8').split('\n');
		lines[2] = edit(lines[2]!);
		writeFileSync(path, lines.join('\n'));
		try {
			loadPortfolio(folder);
			return [];
		} catch (error) {
			if (error instanceof SeedError) return error.problems;
			throw error;
		}
	}

	test.each([
		[
			'an unknown stage',
			(line: string) =>
				line.replace('"stage": "planned", "stageEvidence"', '"stage": "someday", "stageEvidence"'),
			/stage/
		],
		[
			'a name over the limit',
			(line: string) => line.replace('"name": "', `"name": "${'长'.repeat(201)}`),
			/name/
		],
		[
			'an unknown place',
			(line: string) => line.replace('"cities": [', '"cities": ["539999", '),
			/unknown place 539999/
		],
		['a line that is no JSON', (line: string) => line.slice(0, -5), /is not JSON/],
		['an unknown key', (line: string) => line.replace('{', '{"colour": "red", '), /colour/],
		['a key into the prototype', (line: string) => line.replace('{', '{"__proto__": {}, '), /__proto__/],
		[
			'a stage its evidence does not support',
			(line: string) =>
				line.replace('"stage": "planned", "stageEvidence"', '"stage": "operation", "stageEvidence"'),
			/not what evidence/
		],
		[
			'an id that stands twice',
			(line: string) => line.replace(/"id": "[^"]+"/, '"id": "kunyu-tielu-kuoneng"'),
			/stands twice/
		]
	])('%s', (_, edit, reason) => {
		const problems = problemsWith(edit);
		expect(problems[0]).toMatch(/^projects\.json/);
		expect(problems[0]).toMatch(reason);
	});
});
