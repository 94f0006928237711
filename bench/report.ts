import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** What a benchmark found: a table for people, all figures for machines. */
export interface Report {
	name: string;
	text: string;
	figures: unknown;
}

/** A table in Markdown. */
export function table(rows: readonly (readonly string[])[]): string {
	const [head = [], ...body] = rows;
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...body.map(line)].join(
		'\n'
	);
}

/**
 * Measures each in turn, in rounds of changing order so that a machine that warms up or tires favours nobody.
 * @returns for each the middle of its rounds, by how long they took
 */
export async function inTurn<Start, Result>(
	starts: readonly Start[],
	rounds: number,
	measure: (start: Start) => Promise<Result>
): Promise<Result[]> {
	const results = new Map<Start, Result[]>(starts.map((start) => [start, []]));
	for (let round = 0; round < rounds; round++) {
		const order = round % 2 === 0 ? starts : starts.toReversed();
		for (const start of order) results.get(start)!.push(await measure(start));
	}
	return starts.map((start) => {
		const own = results.get(start)!;
		return own[Math.floor(own.length / 2)]!;
	});
}

/** Prints a report and keeps it beside the earlier ones. */
export function publish(report: Report): void {
	const folder = join(import.meta.dirname, 'results');
	mkdirSync(folder, { recursive: true });
	const at = new Date().toISOString();
	const machine = { cores: cpus().length, model: cpus()[0]?.model, node: process.version };
	writeFileSync(
		join(folder, `${report.name}-${at.replaceAll(':', '-')}.json`),
		JSON.stringify({ at, machine, ...report }, null, '\t')
	);
	console.log(`\n${report.text}\n`);
}
