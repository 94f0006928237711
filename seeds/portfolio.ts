import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { FILES, type Portfolio } from './schema.ts';
import { findBrokenReferences } from './references.ts';

/** Problems named at once; more would bury the first. */
const PROBLEMS_SHOWN = 20;

/** The portfolio's files are not what they must be; each line of the message names file, line, record and reason. */
export class SeedError extends Error {
	override name = 'SeedError';
	readonly problems: readonly string[];
	constructor(problems: readonly string[]) {
		super(problems.slice(0, PROBLEMS_SHOWN).join('\n'));
		this.problems = problems;
	}
}

type Rule = { file: string; record: v.GenericSchema<unknown, Record<string, unknown>>; key: string };
type Parsed = { records: Record<string, unknown>[]; problems: string[] };

/** A record's JSON on one line, without the comma that follows it. */
const withoutComma = (line: string) => line.trim().replace(/,$/, '');

function checkLine(rule: Rule, line: string, lineNumber: number): Record<string, unknown> | string {
	let raw: unknown;
	try {
		raw = JSON.parse(withoutComma(line));
	} catch {
		return `${rule.file}:${lineNumber}: is not JSON`;
	}
	const named = (raw as Record<string, unknown> | null)?.[rule.key];
	const where = `${rule.file}:${lineNumber}: record ${typeof named === 'string' ? named : '(without id)'}`;
	if (typeof raw === 'object' && raw !== null && Object.hasOwn(raw, '__proto__'))
		return `${where}: key __proto__ is refused`;
	const result = v.safeParse(rule.record, raw);
	if (result.success) return result.output;
	const issue = result.issues[0];
	return `${where}: ${v.getDotPath(issue) ?? ''} ${issue.message}`;
}

/** Reads one file's text: a JSON array with one record a line. */
export function parseRecords(name: keyof typeof FILES, text: string): Parsed {
	const rule: Rule = FILES[name];
	const parsed: Parsed = { records: [], problems: [] };
	const seen = new Set<unknown>();
	text.split('\n').forEach((line, index) => {
		if (['', '[', ']'].includes(line.trim())) return;
		const checked = checkLine(rule, line, index + 1);
		if (typeof checked === 'string') return parsed.problems.push(checked);
		if (seen.has(checked[rule.key])) {
			return parsed.problems.push(
				`${rule.file}:${index + 1}: record ${String(checked[rule.key])}: stands twice`
			);
		}
		seen.add(checked[rule.key]);
		return parsed.records.push(checked);
	});
	return parsed;
}

/**
 * Reads and checks the whole portfolio.
 * @param folder where the files lie; by default beside this module
 * @throws {SeedError} naming every bad record
 */
export function loadPortfolio(folder: string = import.meta.dirname): Portfolio {
	const names = Object.keys(FILES) as (keyof typeof FILES)[];
	const lists = names.map(
		(name) => [name, parseRecords(name, readFileSync(join(folder, FILES[name].file), 'utf8'))] as const
	);
	const problems = lists.flatMap(([, parsed]) => parsed.problems);
	if (problems.length > 0) throw new SeedError(problems);
	const portfolio = Object.fromEntries(
		lists.map(([name, { records }]) => [name, records])
	) as unknown as Portfolio;
	const broken = findBrokenReferences(portfolio);
	if (broken.length > 0) throw new SeedError(broken);
	return portfolio;
}
