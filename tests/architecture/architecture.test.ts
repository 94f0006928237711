import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const foldersOf = (path: string) =>
	readdirSync(join(ROOT, path), { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map((entry) => entry.name);
const filesUnder = (path: string): string[] =>
	readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));

/** Addresses a module imports, as written. */
function importsOf(file: string): string[] {
	const source = readFileSync(file, 'utf8');
	return [...source.matchAll(/(?:from|import)\s*\(?['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');
}

describe('ARCHITECTURE.md is true', () => {
	const page = read('ARCHITECTURE.md');
	test.each([...foldersOf('src'), ...foldersOf('server')])('it names the folder %s', (folder) => {
		expect(page).toMatch(new RegExp(`\\b${folder}/`));
	});
	test('every file and page it names exists', () => {
		const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] ?? '');
		const files = [...page.matchAll(/`((?:src|server|tests|docs)\/[\w./-]+)`/g)].map(
			(match) => match[1] ?? ''
		);
		for (const path of [...links, ...files]) expect(existsSync(join(ROOT, path)), path).toBe(true);
	});
});

describe('the dependency rule', () => {
	test.each([
		['src/domain', /^(\.|valibot$)/],
		['src/protocol', /^(\.|#domain\/|lib0\/|y-protocols\/)/],
		['src/doc', /^(\.|#domain\/|yjs$|fractional-indexing$)/]
	])('%s imports only what stands below it', (folder, allowed) => {
		for (const file of filesUnder(folder)) {
			if (file.endsWith('.test.ts')) continue;
			for (const name of importsOf(file)) expect(name, file).toMatch(allowed);
		}
	});
});

describe('both languages', () => {
	test.each(readdirSync(join(ROOT, 'messages/zh-CN')))('messages of %s exist in both, with text', (file) => {
		const chinese = JSON.parse(read(`messages/zh-CN/${file}`)) as Record<string, unknown>;
		const english = JSON.parse(read(`messages/en/${file}`)) as Record<string, unknown>;
		expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
		for (const [key, text] of [...Object.entries(chinese), ...Object.entries(english)])
			expect(text, key).not.toBe('');
	});
});

test('the lock file names no download address', () => {
	expect(read('package-lock.json')).not.toContain('"resolved"');
});
