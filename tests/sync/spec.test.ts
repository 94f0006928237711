import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SYNC_LIMITS } from '#server/sync/limits.ts';

const ROOT = join(import.meta.dirname, '../..');
const spec = readFileSync(join(ROOT, 'server/sync/SPEC.md'), 'utf8');
const rules = [...spec.matchAll(/^- \[(S\d+)\]/gm)].map((match) => match[1]!);

/** Numbers of rules that names of tests begin with. */
const tested = new Set(
	readdirSync(join(ROOT, 'tests'), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
		.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
		.flatMap((source) => [
			...source.matchAll(/\b(?:test|describe)(?:\.\w+)*\((?:[^'"`]*\)\()?\s*['"`]((?:\[S\d+\])+)/g)
		])
		.flatMap((match) => match[1]!.match(/S\d+/g) ?? [])
);

describe('the rules of server/sync/SPEC.md', () => {
	test('have one number each', () => {
		expect(rules.length).toBeGreaterThan(40);
		expect(rules).toEqual([...new Set(rules)]);
	});
	test.each(rules)('%s has a test', (rule) => expect(tested).toContain(rule));
	test('no test names a rule that is not there', () => {
		expect([...tested].filter((rule) => !rules.includes(rule))).toEqual([]);
	});
});

test('docs/sync-protocol.md states the limits that are in force', () => {
	const page = readFileSync(join(ROOT, 'docs/sync-protocol.md'), 'utf8');
	const limits = page.slice(page.indexOf('## Limits'), page.indexOf('## An example'));
	const { frameBytes, updateBytes, stateVectorBytes, awarenessBytes, awarenessStateBytes } = SYNC_LIMITS;
	const { newClientsPerUpdate, newClientsBurst, messageBurst, messagesPerSecond, bufferedBytes } =
		SYNC_LIMITS;
	for (const limit of [
		frameBytes,
		updateBytes,
		stateVectorBytes,
		awarenessBytes,
		awarenessStateBytes,
		SYNC_LIMITS.awarenessEntries,
		newClientsPerUpdate,
		newClientsBurst,
		messageBurst,
		messagesPerSecond,
		bufferedBytes,
		SYNC_LIMITS.socketsPerUser,
		SYNC_LIMITS.socketsPerAddress
	])
		expect(limits).toMatch(new RegExp(`\\b${limit.toLocaleString('en')}\\b`));
});
