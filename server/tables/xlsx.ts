import { Readable } from 'node:stream';
import { RowSource } from './row-source.ts';
import { type Cell, inertText, type Row, type Table } from './table.ts';
import { type ZipFile, zipOf } from './zip.ts';

/** As many rows as a sheet of a spreadsheet program has, the header among them. */
export const SHEET_ROWS_MAX = 1_048_576;
/** As much as a cell holds. */
const CELL_MAX_CHARS = 32_767;
/** Characters XML cannot hold. */
const FORBIDDEN = /[\uFFFE\uFFFF]|(?![\t\n])\p{Cc}/gu;
/** Spreadsheet programs read `_x0041_` as `A`. */
const ESCAPE = /_(?=x[0-9A-Fa-f]{4}_)/g;
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const BOLD = ' s="1"';

interface XlsxOptions {
	/** Name of the sheet; those after the first are numbered. */
	title: string;
	/** Width of each column in characters. */
	widths: readonly number[];
	rowsMax?: number;
}

/**
 * A table as a workbook, packed as it comes. Rows that are too many for one sheet go on in the next; texts that are too
 * long for a cell end with `…`.
 */
export function xlsxOf(table: Table, options: XlsxOptions): AsyncGenerator<Uint8Array> {
	return zipOf(workbookFiles(table, options));
}

async function* workbookFiles(table: Table, options: XlsxOptions): AsyncGenerator<ZipFile> {
	const source = new RowSource(table.rows);
	let sheets = 0;
	try {
		do {
			sheets += 1;
			const content = sheet(table.header, source, options);
			yield { name: `xl/worksheets/sheet${sheets}.xml`, content };
		} while (await source.hasMore());
	} finally {
		await source.close();
	}
	const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
	yield* textFiles({
		'xl/workbook.xml': workbook(numbers, options.title),
		'xl/_rels/workbook.xml.rels': workbookRelations(numbers),
		'xl/styles.xml': STYLES,
		'_rels/.rels': PACKAGE_RELATIONS,
		'[Content_Types].xml': contentTypes(numbers)
	});
}

function textFiles(texts: Readonly<Record<string, string>>): ZipFile[] {
	return Object.entries(texts).map(([name, text]) => ({ name, content: Readable.from([XML + text]) }));
}

async function* sheet(
	header: readonly string[],
	source: RowSource,
	{ widths, rowsMax = SHEET_ROWS_MAX }: XlsxOptions
): AsyncGenerator<string> {
	const columns = widths.map((width, index) => {
		const number = index + 1;
		return `<col min="${number}" max="${number}" width="${width}" customWidth="1"/>`;
	});
	const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
	const view = `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`;
	yield `${XML}<worksheet xmlns="${MAIN}">${view}<cols>${columns.join('')}</cols><sheetData>`;
	yield rowXml(header, 1, BOLD);
	let count = 1;
	for (;;) {
		const portion = await source.take(rowsMax - count);
		if (portion.length === 0) break;
		yield portion.map((row, index) => rowXml(row, count + 1 + index)).join('');
		count += portion.length;
	}
	yield '</sheetData></worksheet>';
}

function rowXml(row: Row, number: number, style = ''): string {
	return `<row r="${number}">${row.map((cell, column) => cellXml(cell, `${letterOf(column)}${number}`, style)).join('')}</row>`;
}

function cellXml(cell: Cell, place: string, style: string): string {
	if (cell === null || cell === '') return '';
	if (typeof cell === 'number') return `<c r="${place}"${style}><v>${cell}</v></c>`;
	return `<c r="${place}"${style} t="inlineStr"><is><t xml:space="preserve">${escaped(fitting(inertText(cell)))}</t></is></c>`;
}

/** Tables here have fewer columns than there are letters. */
const letterOf = (column: number) => String.fromCharCode('A'.charCodeAt(0) + column);

function fitting(text: string): string {
	if (text.length <= CELL_MAX_CHARS) return text;
	return `${text.slice(0, CELL_MAX_CHARS - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function escaped(text: string): string {
	return text
		.toWellFormed()
		.replace(/\r\n?/g, '\n')
		.replace(FORBIDDEN, '')
		.replace(ESCAPE, '_x005F_')
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;');
}

function workbook(numbers: readonly number[], title: string): string {
	const sheets = numbers.map((number) => {
		const name = number === 1 ? title : `${title} ${number}`;
		return `<sheet name="${escaped(name)}" sheetId="${number}" r:id="rId${number}"/>`;
	});
	return `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.join('')}</sheets></workbook>`;
}

const relation = (id: string, type: string, target: string) =>
	`<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
const relations = (list: readonly string[]) =>
	`<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`;

function workbookRelations(numbers: readonly number[]): string {
	const sheets = numbers.map((number) =>
		relation(`rId${number}`, 'worksheet', `worksheets/sheet${number}.xml`)
	);
	return relations([...sheets, relation('styles', 'styles', 'styles.xml')]);
}

const PACKAGE_RELATIONS = relations([relation('rId1', 'officeDocument', 'xl/workbook.xml')]);

function contentTypes(numbers: readonly number[]): string {
	const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
	const part = (name: string, kind: string) =>
		`<Override PartName="/xl/${name}.xml" ContentType="${type}.${kind}+xml"/>`;
	const parts = [
		part('workbook', 'sheet.main'),
		part('styles', 'styles'),
		...numbers.map((number) => part(`worksheets/sheet${number}`, 'worksheet'))
	];
	const rels = `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`;
	const xml = '<Default Extension="xml" ContentType="application/xml"/>';
	return `<Types xmlns="${PACKAGE}/content-types">${rels}${xml}${parts.join('')}</Types>`;
}

/** Plain cells, and the header's. */
const STYLES = `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>`;
