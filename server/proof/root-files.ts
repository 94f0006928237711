import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { makeFolder } from '#server/make-folder.ts';
import { createWhole } from '#server/whole-file.ts';
import { parseRoot, type SignedRoot } from './signed-root.ts';

const FOLDER = 'roots';
/** The first of a day bears its date alone; those asked for beside it are numbered. */
const NAME = /^(\d{4}-\d{2}-\d{2})(?:\.(\d{1,4}))?\.json$/;
const NUMBER_MAX = 9_999;
/** Written once and for all. */
const MODE = 0o444;

/** A file with a root; undefined where what it holds is none. */
export interface RootFile {
	name: string;
	root: SignedRoot | undefined;
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
/** As they were written: by day, then by number. */
function byNumber(a: string, b: string): number {
	const [, dayA = '', numberA = 1] = NAME.exec(a) ?? [];
	const [, dayB = '', numberB = 1] = NAME.exec(b) ?? [];
	return dayA === dayB ? Number(numberA) - Number(numberB) : dayA < dayB ? -1 : 1;
}

/** Reads the roots of a folder in which people lodge them: one a file, or all of a board as the server gives them. */
export async function readLodgedRoots(folder: string): Promise<RootFile[]> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort(byNumber);
	const files: RootFile[] = [];
	for (const name of names) {
		const value = parseJson(await readFile(join(folder, name), 'utf8'));
		const several = v.safeParse(OfBoard, value);
		if (!several.success) files.push({ name, root: parseRoot(value) });
		else files.push(...several.output.roots.map((one) => ({ name: one.name, root: parseRoot(one.root) })));
	}
	return files;
}

/** What `GET /api/boards/{board}/roots` answers. */
const OfBoard = v.object({ roots: v.array(v.object({ name: v.string(), root: v.unknown() })) });

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** The folder beside the database in which roots are kept; a file in it is never written twice. */
export class RootFiles {
	readonly #folder: string;
	constructor(dataDir: string) {
		this.#folder = join(dataDir, FOLDER);
	}

	/** All roots, as they were written. */
	async list(): Promise<RootFile[]> {
		try {
			const names = (await readdir(this.#folder)).filter((name) => NAME.test(name)).sort(byNumber);
			const files: RootFile[] = [];
			for (const name of names)
				files.push({ name, root: parseRoot(parseJson(await readFile(this.pathOf(name), 'utf8'))) });
			return files;
		} catch (error) {
			if (isMissing(error)) return [];
			throw error;
		}
	}

	pathOf(name: string): string {
		return join(this.#folder, name);
	}

	/** Whether there is a file of a name. */
	has(name: string): Promise<boolean> {
		return access(this.pathOf(name)).then(
			() => true,
			() => false
		);
	}

	/** Keeps a root under its day. @returns the file's name; undefined if the day has one already */
	async addDaily(root: SignedRoot): Promise<string | undefined> {
		return this.#create(`${root.day}.json`, root);
	}

	/** Keeps a root beside those its day has already. @returns the file's name */
	async add(root: SignedRoot): Promise<string> {
		const first = await this.addDaily(root);
		if (first !== undefined) return first;
		for (let number = 2; number <= NUMBER_MAX; number++) {
			const name = await this.#create(`${root.day}.${number}.json`, root);
			if (name !== undefined) return name;
		}
		throw new Error(`there are ${NUMBER_MAX} roots of ${root.day} already`);
	}

	async #create(name: string, root: SignedRoot): Promise<string | undefined> {
		makeFolder(this.#folder);
		const text = `${JSON.stringify(root, null, '\t')}\n`;
		const isOurs = await createWhole(this.pathOf(name), { text, mode: MODE });
		return isOurs ? name : undefined;
	}
}
