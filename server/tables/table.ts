/** A cell of a table that people open in a spreadsheet program. */
export type Cell = string | number | null;
export type Row = readonly Cell[];

/** A table on its way out: its columns, and its rows in portions as they are read. */
export interface Table {
	header: readonly string[];
	rows: AsyncIterable<readonly Row[]>;
}

/** What a spreadsheet program takes for the beginning of a formula, full-width forms too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that no spreadsheet program computes: where it could, an apostrophe stands before it. */
export function inertText(text: string): string {
	return FORMULA.test(text) ? `'${text}` : text;
}
