import type { ParseArgsOptionsConfig } from 'node:util';
import type { Services } from '#server/app.ts';
import type { Config } from '#server/config.ts';
import type { Connection } from '#server/database/connect.ts';

/** What a command gets to work with. */
export interface CommandContext {
	services: Services;
	connection: Connection;
	config: Config;
	/** Values of `--name value` options; flags are "true". */
	options: Record<string, string | undefined>;
	/** What follows the command's words. */
	arguments: string[];
	readStandardInput(): Promise<string>;
}

/** What a command found or did: lines for people, the same as JSON for machines. */
export interface CommandResult {
	lines: string[];
	json: unknown;
	/** The answer is a "no" although the command itself worked. */
	isRefusal?: boolean;
}

export interface Command {
	/** The words that name it. */
	name: string;
	/** What follows the words, as the help shows it. */
	usage: string;
	/** One line of help. */
	summary: string;
	options?: ParseArgsOptionsConfig;
	/** Options without which it is wrong use. */
	required?: readonly string[];
	/** How many arguments it takes. */
	arguments?: number;
	run(context: CommandContext): Promise<CommandResult>;
}

/** The command was used wrongly; the message says how. */
export class UsageError extends Error {
	override name = 'UsageError';
}

/** The value of an option from a closed list. @throws {UsageError} naming what is possible */
export function oneOf<T extends string>(list: readonly T[], option: string, value: string | undefined): T {
	const found = list.find((item) => item === value);
	if (found === undefined) throw new UsageError(`--${option} is one of ${list.join(', ')}`);
	return found;
}

/** Rows of a table with columns as wide as they need to be; a Chinese character is two wide. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
	const widthOf = (text: string) => [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 0);
	const widths: number[] = [];
	for (const row of rows)
		row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))));
	return rows.map((row) =>
		row
			.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
			.join('  ')
			.trimEnd()
	);
}
