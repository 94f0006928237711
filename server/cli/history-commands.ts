import { OPERATOR } from '#server/audit/who.ts';
import { type Command, tableOf, text, UsageError } from './command.ts';
import type { Journal } from '#server/journal/journal.ts';
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

/** Everything that can be packed, whatever its age. */
const ALL = { before: '9999', rowsMax: 0 };

const packHistory: Command = {
	name: 'history pack',
	usage: '[--board B]',
	summary: 'pack old entries of the journal now, beside the server, which does so as they grow old',
	options: { board: text },
	async run({ open, options }) {
		const services = await open();
		const found: ({ board: string } & PackedInAll)[] = [];
		for (const board of await boardsNamed(services, options.board)) {
			const total = await packAll(services.journal, board);
			while ((await services.checkpoints.makeNext(board)) !== undefined);
			if (total.segments > 0)
				await services.audit.record({ who: OPERATOR, action: 'history-pack', object: { board } });
			found.push({ board, ...total });
		}
		const lineOf = ({ board, segments, entries, bytes }: { board: string } & PackedInAll) =>
			segments === 0
				? `${board}: nothing to pack`
				: `${board}: ${entries} entries packed into ${segments} segments of ${bytes} bytes`;
		return { lines: found.map(lineOf), json: found };
	}
};

interface PackedInAll {
	segments: number;
	entries: number;
	bytes: number;
}

async function packAll(journal: Journal, boardId: string): Promise<PackedInAll> {
	const total = { segments: 0, entries: 0, bytes: 0 };
	for (let packed; (packed = await journal.packNext(boardId, ALL));) {
		total.segments += 1;
		total.entries += packed.toSeq - packed.fromSeq + 1;
		total.bytes += packed.bytes;
	}
	return total;
}

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
export const historyCommands: readonly Command[] = [rebuildHistory, packHistory, listAudit];
