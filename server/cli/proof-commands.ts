import { createReadStream, createWriteStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '#domain/refusal.ts';
import { OPERATOR } from '#server/audit/who.ts';
import { checkExport } from '#server/proof/check-export.ts';
import { exportHistory } from '#server/proof/export-history.ts';
import { fileLines } from '#server/proof/file-lines.ts';
import { readLodgedRoots } from '#server/proof/root-files.ts';
import { parsePublicKeys } from '#server/proof/signing-key.ts';
import { boardsNamed } from './boards-named.ts';
import { type Command, type CommandContext, type CommandResult, text, UsageError } from './command.ts';
import { exportProblemText, proofLines } from './proof-words.ts';

const OWNER_ONLY = 0o600;
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const unreadable = (path: string, error: unknown) =>
	new UsageError(`cannot read ${path}: ${reasonOf(error)}`);

const verifyHistory: Command = {
	name: 'history verify',
	usage: '[--board B] | --export FILE --key PUBLIC_KEY [--roots DIR]',
	summary:
		'check that the history is what was written, here or in an export; names the first entry that is not',
	options: { board: text, export: text, key: text, roots: text },
	run(context) {
		const { board, export: file, key, roots } = context.options;
		if (file !== undefined) return verifyExport(file, context);
		if (key ?? roots) throw new UsageError('--key and --roots go with --export');
		return verifyHere(context, board);
	}
};

async function verifyHere({ open }: CommandContext, named: string | undefined): Promise<CommandResult> {
	const services = await open();
	const boards = await boardsNamed(services, named);
	const found = await services.proofs.verifyAll(boards, { isWhole: named === undefined });
	return {
		lines: found.flatMap(({ board, ...proof }) => proofLines(board, proof)),
		json: found,
		isRefusal: found.some(({ ok }) => !ok)
	};
}

/** From the file and the public key alone: no database, no server. */
async function verifyExport(file: string, { options }: CommandContext): Promise<CommandResult> {
	if (options.key === undefined) throw new UsageError('--key is missing: the file with the public key');
	if (options.board !== undefined) throw new UsageError('--board does not go with --export');
	const keys = readKeys(options.key);
	const lodged = options.roots === undefined ? [] : await readRoots(options.roots);
	if (!existsSync(file)) throw new UsageError(`cannot read ${file}: there is no such file`);
	const lines = fileLines(createReadStream(file));
	const found = await checkExport(lines, { keys, lodged }).catch((error: unknown) => {
		throw unreadable(file, error);
	});
	return {
		lines: [
			...(found.problem ? [exportProblemText(found.problem)] : []),
			...found.boards.flatMap(({ board, ...proof }) => proofLines(board, proof))
		],
		json: found,
		isRefusal: !found.ok
	};
}

function readKeys(path: string) {
	let pem: string;
	try {
		pem = readFileSync(path, 'utf8');
	} catch (error) {
		throw unreadable(path, error);
	}
	const keys = parsePublicKeys(pem);
	if (keys.size === 0) throw new UsageError(`${path} holds no Ed25519 public key (PEM)`);
	return keys;
}

async function readRoots(folder: string) {
	const files = await readLodgedRoots(folder).catch((error: unknown) => {
		throw unreadable(folder, error);
	});
	if (files.length === 0) throw new UsageError(`${folder} holds no roots`);
	return files;
}

const exportHistoryCommand: Command = {
	name: 'history export',
	usage: '[--board B] --out FILE',
	summary: 'write the journal with its signed roots to a new file, from which it can be verified anywhere',
	options: { board: text, out: text },
	required: ['out'],
	async run({ open, options: { board, out = '' } }) {
		const services = await open();
		await boardsNamed(services, board);
		if (existsSync(out)) throw new Refusal('conflict', `${out} exists already`);
		const { root, problem } = await services.roots.writeIfMoved();
		await services.audit.record({
			who: OPERATOR,
			action: 'history-export',
			object: { board, file: basename(out) }
		});
		const exported = exportHistory(services, { boardId: board, exportedAt: new Date().toISOString() });
		await writeNew(out, exported);
		const lines = [`wrote ${out}`];
		if (problem !== undefined) lines.push(`the newest changes are under no signed root: ${problem}`);
		return { lines, json: { file: out, root } };
	}
};

async function writeNew(path: string, lines: AsyncIterable<string>): Promise<void> {
	try {
		await pipeline(Readable.from(lines), createWriteStream(path, { flags: 'wx', mode: OWNER_ONLY }));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(path, { force: true });
		throw new Refusal('bad-request', `cannot write ${path}: ${reasonOf(error)}`, { cause: error });
	}
}

const writeRoot: Command = {
	name: 'history root',
	usage: '',
	summary: 'sign the state of all boards now, beside the root that is signed every day',
	async run({ open }) {
		const { roots, audit } = await open();
		const { name, root } = await roots.write().catch((error: unknown) => {
			throw new Refusal('storage-failed', `cannot write a root: ${reasonOf(error)}`, { cause: error });
		});
		await audit.record({ who: OPERATOR, action: 'root-write', object: { root: name } });
		return { lines: [`wrote ${roots.pathOf(name)}`], json: { file: roots.pathOf(name), root } };
	}
};

const showKey: Command = {
	name: 'history key',
	usage: '',
	summary: 'the public key that the signed roots are checked with (PEM)',
	async run({ open }) {
		const key = await (await open()).roots.publicKeys();
		if (key === '') throw new Refusal('not-found', 'there is no key yet: it is made with the first root');
		return { lines: [key.trimEnd()], json: { key } };
	}
};

/** Showing that what happened on boards is what was written. */
export const proofCommands: readonly Command[] = [verifyHistory, exportHistoryCommand, writeRoot, showKey];
