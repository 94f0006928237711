import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

const scratch = () => mkdtempSync(join(tmpdir(), 'tongchou-'));

test('makes what is missing above a folder as well, for nobody else to read', () => {
	const path = join(scratch(), 'a/b/c');
	makeFolder(path);
	expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('leaves a folder that is there as it is', () => {
	const path = scratch();
	writeFileSync(join(path, 'file'), 'kept');
	makeFolder(path);
	expect(existsSync(join(path, 'file'))).toBe(true);
});

test('says why it cannot, also where a missing folder cannot be made', () => {
	const file = join(scratch(), 'file');
	writeFileSync(file, '');
	expect(() => makeFolder(join(file, 'below'))).toThrow(/ENOTDIR/);
	expect(() => makeFolder('/proc/of-nobody/below')).toThrow(/ENOENT/);
});
