import { type Cell, inertText, type Row, type Table } from './table.ts';

/** Without it spreadsheet programs take UTF-8 for something else. */
const BYTE_ORDER_MARK = '\uFEFF';
const NEEDS_QUOTES = /[",\r\n]/;

function cellText(cell: Cell): string {
	if (cell === null) return '';
	if (typeof cell === 'number') return String(cell);
	const text = inertText(cell);
	return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const lineOf = (row: Row) => `${row.map(cellText).join(',')}\r\n`;

/** A table as CSV (RFC 4180) that spreadsheet programs read as UTF-8 and without formulas. */
export async function* csvOf({ header, rows }: Table): AsyncGenerator<string> {
	yield BYTE_ORDER_MARK + lineOf(header);
	for await (const portion of rows) yield portion.map(lineOf).join('');
}
