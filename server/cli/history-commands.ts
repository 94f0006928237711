import { OPERATOR } from '#server/audit/who.ts';
import { type Command, tableOf, text, UsageError } from './command.ts';
import { boardsNamed } from './boards-named.ts';

const rebuildHistory: Command = {
	name: 'history rebuild',
	usage: '[--board B]',
	summary: 'derive the history again from the journal',
	options: { board: text },
	async run({ open, options }) {
		const services = await open();
		const boards = await boardsNamed(services, options.board);
		for (const board of boards) {
			await services.history.rebuild(board);
			await services.audit.record({ who: OPERATOR, action: 'history-rebuild', object: { board } });
		}
		return { lines: boards.map((board) => `${board}: rebuilt`), json: { boards } };
	}
};

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 100_000;

const listAudit: Command = {
	name: 'audit list',
	usage: '[--action A] [--limit N]',
	summary: 'who did what, newest first',
	options: { action: text, limit: text },
	async run({ open, options }) {
		const limit = Number(options.limit ?? LIMIT_DEFAULT);
		if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
			throw new UsageError(`--limit is a whole number in 1..${LIMIT_MAX}`);
		const records = await (await open()).audit.list({ action: options.action, limit });
		const rows = records.map(({ at, userId, address, action, object, result }) => [
			at,
			userId ?? '-',
			address ?? '-',
			action,
			result,
			object ?? ''
		]);
		return { lines: tableOf(rows), json: records };
	}
};

/** What happened: on boards, and in the program. */
export const historyCommands: readonly Command[] = [rebuildHistory, listAudit];
