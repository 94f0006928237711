import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

type Content = { text: string; mode: number };

/**
 * Makes a file that bears its name only once it is whole and on disk, and never takes the place of another.
 * @returns whether the name was free
 * @throws what the disk says
 */
export async function createWhole(path: string, content: Content): Promise<boolean> {
	const unfinished = await writeBeside(path, content);
	try {
		await link(unfinished, path);
		await syncFolder(path);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	} finally {
		await rm(unfinished, { force: true });
	}
}

/** Puts a file in the place of another, at once and whole. @throws what the disk says */
export async function replaceWhole(path: string, content: Content): Promise<void> {
	const unfinished = await writeBeside(path, content);
	try {
		await rename(unfinished, path);
		await syncFolder(path);
	} finally {
		await rm(unfinished, { force: true });
	}
}

/** Under a name of its own; what a process that was killed left there is in nobody's way. */
async function writeBeside(path: string, { text, mode }: Content): Promise<string> {
	const unfinished = `${path}.${randomUUID()}.unfinished`;
	const file = await open(unfinished, 'wx', mode);
	try {
		await file.writeFile(text);
		await file.sync();
	} finally {
		await file.close();
	}
	return unfinished;
}

/** A new name is on disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
	const folder = await open(dirname(path));
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}
