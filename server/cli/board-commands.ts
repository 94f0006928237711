import { readFileSync } from 'node:fs';
import { TEMPLATES } from '#domain/stages.ts';
import { OPERATOR } from '#server/audit/who.ts';
import { parseImportedBoard } from '#server/boards/board.service.ts';
import { type Command, oneOf, optionOrArgument, tableOf, text, UsageError } from './command.ts';

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
	summary: 'make a board, empty or with what is in a file',
	options: { id: text, title: text, template: text, from: text },
	required: ['id', 'title'],
	async run({ open, options }) {
		const { id = '', title = '', from } = options;
		const asked = options.template === undefined ? undefined : oneOf(TEMPLATES, 'template', options.template);
		const content = from === undefined ? undefined : parseImportedBoard(readText(from));
		const template = asked ?? content?.template ?? 'stages';
		const board = await (await open()).boards.create({ id, title, template }, OPERATOR, content);
		return { lines: [`created ${board.id}`], json: board };
	}
};

const listBoards: Command = {
	name: 'board list',
	usage: '',
	summary: 'all boards',
	async run({ open }) {
		const boards = await (await open()).boards.listAll();
		const rows = boards.map(({ id, title, template, archivedAt }) => [id, title, template, archivedAt ?? '']);
		return { lines: tableOf(rows), json: boards };
	}
};

const exportBoard: Command = {
	name: 'board export',
	usage: '--board B',
	summary: 'a board as JSON, as it is committed; board create --from reads it',
	options: { board: text },
	argument: { name: 'board', isRequired: false },
	async run(context) {
		const id = optionOrArgument(context, 'board');
		const exported = await (await context.open()).boards.export(id, OPERATOR);
		return { lines: [JSON.stringify(exported, null, '\t')], json: exported };
	}
};

const archiveBoard: Command = {
	name: 'board archive',
	usage: '--board B',
	summary: 'put a board away: it is only read from then on',
	options: { board: text },
	argument: { name: 'board', isRequired: false },
	async run(context) {
		const id = optionOrArgument(context, 'board');
		const board = await (await context.open()).boards.archive(id, OPERATOR);
		return { lines: [`archived ${board.id}`], json: board };
	}
};

const beginEpoch: Command = {
	name: 'board new-epoch',
	usage: '--board B',
	summary: 'after pg_restore: clients with newer state are told so instead of being merged',
	options: { board: text },
	argument: { name: 'board', isRequired: false },
	async run(context) {
		const id = optionOrArgument(context, 'board');
		await (await context.open()).boards.beginEpoch(id, OPERATOR);
		return { lines: [`${id} has begun a new epoch`], json: { board: id } };
	}
};

const compactBoard: Command = {
	name: 'board compact',
	usage: '--board B',
	summary: 'drop the traces that changes left in the document; what is on the board and its history stay',
	options: { board: text },
	argument: { name: 'board', isRequired: false },
	async run(context) {
		const id = optionOrArgument(context, 'board');
		const { bytesBefore, bytesAfter, seq } = await (await context.open()).boards.compact(id, OPERATOR);
		return {
			lines: [`${id}: ${bytesBefore} bytes became ${bytesAfter}`],
			json: { board: id, bytesBefore, bytesAfter, seq }
		};
	}
};

/** Boards. */
export const boardCommands: readonly Command[] = [
	createBoard,
	listBoards,
	exportBoard,
	archiveBoard,
	beginEpoch,
	compactBoard
];
