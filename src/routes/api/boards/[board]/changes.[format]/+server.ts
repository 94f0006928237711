import { AsyncLocalStorage } from 'node:async_hooks';
import { dayInChina } from '#domain/dates.ts';
import { Refusal } from '#domain/refusal.ts';
import { m } from '#lib/paraglide/messages.js';
import { appContext } from '#server/app-context.ts';
import type { ToldChange } from '#server/history/history.service.ts';
import { csvOf } from '#server/tables/csv.ts';
import type { Table } from '#server/tables/table.ts';
import { xlsxOf } from '#server/tables/xlsx.ts';
import { download } from '../../../download.server.ts';
import { apiAccess, respond } from '../../../respond.server.ts';
import type { RequestHandler } from './$types';
import { givenNames } from './given-names.server.ts';
import { COLUMN_WIDTHS, columnNames, jsonLine, tableRow } from './told-change.server.ts';

type Pages = AsyncIterable<ToldChange[]>;
type Names = Awaited<ReturnType<typeof givenNames>>;
type Chunks = AsyncIterable<string | Uint8Array>;

const FORMATS: Readonly<Record<string, { type: string; write(pages: Pages, names: Names): Chunks }>> = {
	csv: { type: 'text/csv; charset=utf-8', write: (pages, names) => csvOf(tableOf(pages, names)) },
	xlsx: {
		type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
		write: (pages, names) =>
			xlsxOf(tableOf(pages, names), { title: m.history_title(), widths: COLUMN_WIDTHS })
	},
	jsonl: { type: 'application/jsonl; charset=utf-8', write: jsonLines }
};

/** The history of a board as a file, by the filters of the history page and in the reader's language. */
export const GET: RequestHandler = (event) =>
	respond(async () => {
		const { board, format: asked } = event.params;
		const { who } = await apiAccess(event, board, 'history:read');
		const format = Object.hasOwn(FORMATS, asked) ? FORMATS[asked] : undefined;
		if (!format) throw new Refusal('not-found', `one of ${Object.keys(FORMATS).join(', ')}`);
		const { audit, history } = appContext();
		const pages = await history.pages(board, Object.fromEntries(event.url.searchParams));
		const names = await givenNames(board);
		await audit.record({ who, action: 'history-export', object: { board, format: asked } });
		const day = dayInChina(new Date().toISOString());
		return download(streamOf(format.write(pages, names)), {
			name: `history-${board}-${day}.${asked}`,
			type: format.type
		});
	});

/** Rows are made while the answer is read, when nothing tells any more whose language it is. */
function tableOf(pages: Pages, names: Names): Table {
	const within = AsyncLocalStorage.snapshot();
	async function* rows() {
		for await (const page of pages) yield within(() => page.map((change) => tableRow(change, names)));
	}
	return { header: columnNames(), rows: rows() };
}

function jsonLines(pages: Pages, names: Names): Chunks {
	const within = AsyncLocalStorage.snapshot();
	async function* lines() {
		for await (const page of pages)
			yield within(() => page.map((change) => jsonLine(change, names)).join(''));
	}
	return lines();
}

/** A body that is made as fast as it is read, and no further once nobody reads it. */
function streamOf(chunks: Chunks): ReadableStream<Uint8Array<ArrayBuffer>> {
	const encoder = new TextEncoder();
	const iterator = chunks[Symbol.asyncIterator]();
	return new ReadableStream({
		async pull(controller) {
			const { done, value } = await iterator.next().catch((error: unknown) => {
				appContext().log.error({ err: error }, 'an export broke off');
				throw error;
			});
			if (done) controller.close();
			else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : new Uint8Array(value));
		},
		async cancel() {
			await iterator.return?.();
		}
	});
}
