import { readFileSync } from 'node:fs';
import { Refusal } from '#domain/refusal.ts';
import { ROLES } from '#domain/roles.ts';
import { TEMPLATES } from '#domain/stages.ts';
import { BoardReader } from '#server/boards/board-reader.ts';
import { parseImportedBoard, SYSTEM_ACTOR } from '#server/boards/board.service.ts';
import { type Command, oneOf, tableOf, UsageError } from './command.ts';

const text = { type: 'string' } as const;

function readText(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		throw new UsageError(`cannot read ${path}: ${error instanceof Error ? error.message : ''}`);
	}
}

const createBoard: Command = {
	name: 'board create',
	usage: '--id ID --title T [--template stages|investment] [--from FILE.json]',
	summary: 'make a board, empty or with the projects of a file',
	options: { id: text, title: text, template: text, from: text },
	required: ['id', 'title'],
	async run({ services, options }) {
		const template = oneOf(TEMPLATES, 'template', options.template ?? 'stages');
		const content = options.from === undefined ? undefined : parseImportedBoard(readText(options.from));
		const board = await services.boards.create(
			{ id: options.id ?? '', title: options.title ?? '', template, by: SYSTEM_ACTOR },
			content
		);
		return { lines: [`created ${board.id}`], json: board };
	}
};

const listBoards: Command = {
	name: 'board list',
	usage: '',
	summary: 'all boards',
	async run({ services }) {
		const boards = await services.boards.listAll();
		const rows = boards.map(({ id, title, template, archivedAt }) => [id, title, template, archivedAt ?? '']);
		return { lines: tableOf(rows), json: boards };
	}
};

const exportBoard: Command = {
	name: 'board export',
	usage: '--board B',
	summary: 'a board as JSON, as it is committed',
	options: { board: text },
	arguments: 1,
	async run({ services, options, arguments: [given] }) {
		const id = options.board ?? given;
		if (id === undefined) throw new UsageError('--board is missing');
		const { board, seq, epoch, at } = await new BoardReader(services.journal).read(id);
		const exported = { id, seq, epoch, at, ...board };
		return { lines: [JSON.stringify(exported, null, '\t')], json: exported };
	}
};

const archiveBoard: Command = {
	name: 'board archive',
	usage: '--board B',
	summary: 'put a board away',
	options: { board: text },
	arguments: 1,
	async run({ services, options, arguments: [given] }) {
		const id = options.board ?? given;
		if (id === undefined) throw new UsageError('--board is missing');
		const board = await services.boards.archive(id);
		return { lines: [`archived ${board.id}`], json: board };
	}
};

const addMember: Command = {
	name: 'member add',
	usage: '--board B --email E --role R',
	summary: 'give a person a role on a board',
	options: { board: text, email: text, role: text },
	required: ['board', 'email', 'role'],
	async run({ services, options }) {
		const role = oneOf(ROLES, 'role', options.role);
		const board = options.board ?? '';
		const member = await services.boards.addMember(board, { email: options.email ?? '', role });
		return { lines: [`${member.email} is ${member.role} on ${board}`], json: member };
	}
};

/** The boards a history command is about: the named one, or all. */
async function boardsNamed(
	{ boards }: Parameters<Command['run']>[0]['services'],
	named: string | undefined
): Promise<string[]> {
	const ids = (await boards.listAll()).map(({ id }) => id);
	if (named === undefined) return ids;
	if (!ids.includes(named)) throw new Refusal('not-found', `there is no board ${named}`);
	return [named];
}

const verifyHistory: Command = {
	name: 'history verify',
	usage: '[--board B]',
	summary: 'check that the journal is what was written; names the first entry that is not',
	options: { board: text },
	async run({ services, options }) {
		const found = [];
		for (const board of await boardsNamed(services, options.board))
			found.push({ board, ...(await services.journal.verify(board)) });
		return {
			lines: found.map(({ board, ok, entries, firstBadSeq }) =>
				ok
					? `${board}: ${entries} entries, all sound`
					: `${board}: entry ${firstBadSeq} is not what was written`
			),
			json: found,
			isRefusal: found.some(({ ok }) => !ok)
		};
	}
};

const rebuildHistory: Command = {
	name: 'history rebuild',
	usage: '[--board B]',
	summary: 'derive the history again from the journal',
	options: { board: text },
	async run({ services, options }) {
		const boards = await boardsNamed(services, options.board);
		for (const board of boards) await services.history.rebuild(board);
		return { lines: boards.map((board) => `${board}: rebuilt`), json: { boards } };
	}
};

/** Boards, their members and their history. */
export const boardCommands: readonly Command[] = [
	createBoard,
	listBoards,
	exportBoard,
	archiveBoard,
	addMember,
	verifyHistory,
	rebuildHistory
];
