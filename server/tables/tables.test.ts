import { crc32, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { csvOf } from './csv.ts';
import { inertText, type Row } from './table.ts';
import { xlsxOf } from './xlsx.ts';

async function* inPortions(rows: readonly Row[], size = 3) {
	for (let start = 0; start < rows.length; start += size)
		yield await Promise.resolve(rows.slice(start, start + size));
}
const header = ['项目', '数'];
const csv = async (rows: readonly Row[]) =>
	(await Array.fromAsync(csvOf({ header, rows: inPortions(rows) }))).join('');
const xlsx = async (rows: readonly Row[], rowsMax?: number) =>
	Buffer.concat(
		await Array.fromAsync(
			xlsxOf(
				{ header, rows: inPortions(rows) },
				{ title: '历史', widths: [10, 5], ...(rowsMax && { rowsMax }) }
			)
		)
	);

/** The files of an archive by its central directory, as every reader goes about it. */
function unzip(bytes: Buffer): Record<string, string> {
	const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06'));
	const files: Record<string, string> = {};
	let at = bytes.readUInt32LE(end + 16);
	for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
		const [packed, nameBytes, start] = [
			bytes.readUInt32LE(at + 20),
			bytes.readUInt16LE(at + 28),
			bytes.readUInt32LE(at + 42)
		];
		const name = bytes.subarray(at + 46, at + 46 + nameBytes).toString();
		const content = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
		const text = inflateRawSync(bytes.subarray(content, content + packed));
		expect(crc32(text)).toBe(bytes.readUInt32LE(at + 16));
		expect(text.length).toBe(bytes.readUInt32LE(at + 24));
		files[name] = text.toString();
		at += 46 + nameBytes;
	}
	return files;
}
/** Texts and numbers of a sheet, row by row. */
function cellsOf(sheet: string): string[][] {
	const plain = (text: string) =>
		text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').replaceAll('_x005F_', '_');
	return [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row = '']) =>
		[...row.matchAll(/<(?:t [^>]*|v)>(.*?)<\/[tv]>/gs)].map(([, text = '']) => plain(text))
	);
}

const FORMULAS = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '－1'];

describe('what a spreadsheet program could compute', () => {
	test.each(FORMULAS)('%j is a text', async (text) => {
		expect(inertText(text)).toBe(`'${text}`);
		const field = /^'[^\r\n"]*$/.test(`'${text}`) ? `'${text}` : `"'${text}"`;
		expect(await csv([[text, 1]])).toBe(`\uFEFF项目,数\r\n${field},1\r\n`);
		const sheet = unzip(await xlsx([[text, 1]]))['xl/worksheets/sheet1.xml']!;
		expect(cellsOf(sheet)[1]![0]).toBe(`'${text.replace('\r', '\n')}`);
		expect(sheet).not.toContain('<f>');
	});
	test('and numbers stay numbers', async () => {
		expect(await csv([[null, -1]])).toContain('\r\n,-1\r\n');
		expect(unzip(await xlsx([[null, -1]]))['xl/worksheets/sheet1.xml']).toContain('<c r="B2"><v>-1</v></c>');
	});
});

test('a CSV gives every text back', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 8 }),
			async (texts) => {
				const rows = texts.map((text) => [text, 1]);
				const fields = [...(await csv(rows)).slice(1).matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/g)]
					.map(([, field = '']) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field))
					.filter((_, index) => index % 2 === 0);
				expect(fields.slice(1)).toEqual(texts.map(inertText));
			}
		)
	);
});

describe('a workbook', () => {
	test('holds its rows, with what XML would stumble over', async () => {
		const rows: Row[] = [
			['<a> & "b"', 1],
			['a\u0000b\u001fc\ud800d', 2],
			['_x0041_', 3],
			['两\n行', 4],
			[' 空 ', 5]
		];
		const sheet = unzip(await xlsx(rows))['xl/worksheets/sheet1.xml']!;
		expect(cellsOf(sheet)).toEqual([
			header,
			['<a> & "b"', '1'],
			['abc\ufffdd', '2'],
			['_x0041_', '3'],
			['两\n行', '4'],
			[' 空 ', '5']
		]);
		expect(sheet).toContain('_x005F_x0041_');
	});

	test('goes on in further sheets where one is full, each with the header', async () => {
		const rows = Array.from({ length: 10 }, (_, index): Row => [`p${index}`, index]);
		const files = unzip(await xlsx(rows, 5));
		const sheets = Object.keys(files).filter((name) => name.includes('worksheets/'));
		expect(sheets).toHaveLength(3);
		const cells = sheets.map((name) => cellsOf(files[name]!));
		expect(cells.map((sheet) => sheet.length)).toEqual([5, 5, 3]);
		expect(cells.flatMap((sheet) => sheet.slice(1).map(([text]) => text))).toEqual(
			rows.map(([text]) => text)
		);
		expect(files['xl/workbook.xml']).toContain('name="历史 3"');
		for (const sheet of cells) expect(sheet[0]).toEqual(header);
	});

	test('is whole where a sheet is just full, and where there is nothing', async () => {
		const rows = Array.from({ length: 4 }, (_, index): Row => [`p${index}`, index]);
		for (const [given, count] of [[rows, 5] as const, [[], 1] as const]) {
			const files = unzip(await xlsx(given, 5));
			expect(Object.keys(files)).toHaveLength(6);
			expect(cellsOf(files['xl/worksheets/sheet1.xml']!)).toHaveLength(count);
		}
	});

	test('cuts a text that is too long for a cell, between characters', async () => {
		const sheet = unzip(await xlsx([['x'.repeat(32_765) + '🚄🚄', 1]]))['xl/worksheets/sheet1.xml']!;
		const [text] = cellsOf(sheet)[1]!;
		expect(text).toBe(`${'x'.repeat(32_765)}…`);
	});

	test('of many rows is packed small, and whole', async () => {
		const rows = Array.from({ length: 5_000 }, (_, index): Row => [`项目${index}`, index]);
		const bytes = await xlsx(rows);
		expect(cellsOf(unzip(bytes)['xl/worksheets/sheet1.xml']!)).toHaveLength(5_001);
		expect(bytes.length).toBeLessThan(100_000);
	});

	test('that nobody reads to its end lets go of what it was made from', async () => {
		let isLetGo = false;
		async function* endless() {
			try {
				for (;;) yield await Promise.resolve([['x'.repeat(1_000), 1]] as const);
			} finally {
				isLetGo = true;
			}
		}
		const reading = xlsxOf({ header, rows: endless() }, { title: 'x', widths: [] });
		for (let chunk = 0; chunk < 3; chunk++) await reading.next();
		await reading.return(undefined);
		await vi.waitFor(() => expect(isLetGo).toBe(true));
	});

	test('fails where its rows do', async () => {
		async function* failing() {
			yield await Promise.resolve([['a', 1]] as const);
			throw new Error('the database is gone');
		}
		const reading = Array.fromAsync(xlsxOf({ header, rows: failing() }, { title: 'x', widths: [] }));
		await expect(reading).rejects.toThrow('the database is gone');
	});
});
