/** Spreadsheets take a cell that begins with one of these for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
/** Without it spreadsheets read Chinese as another encoding. */
const BYTE_ORDER_MARK = '\ufeff';

/** A value as one cell: never a formula, and quoted where it must be. */
function cell(value: string): string {
	const harmless = FORMULA.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A table as comma-separated values in UTF-8, as spreadsheets open it. */
export function csvOf(rows: readonly (readonly string[])[]): string {
	return BYTE_ORDER_MARK + rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}
