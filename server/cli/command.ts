import type { ParseArgsOptionsConfig } from 'node:util';
import type { Services } from '#server/app.ts';
import type { Config } from '#server/config.ts';

/** What a command gets to work with. */
export interface CommandContext {
	config: Config;
	/** Values of `--name value` options; flags are "true". */
	options: Record<string, string | undefined>;
	/** What follows the command's words. */
	arguments: string[];
	/** Opens the database, for the commands that work on an open one; filled with what a new one begins with. */
	open(): Promise<Services>;
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
	/** What stands behind the words without an option's name: an option that may be given so, or a file. */
	argument?: { name: string; isRequired: boolean };
	run(context: CommandContext): Promise<CommandResult>;
}

/** An option with a value. */
export const text = { type: 'string' } as const;
/** An option that is there or not. */
export const flag = { type: 'boolean' } as const;

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

/** An option that may also stand behind the command's words: `board archive B`. @throws {UsageError} */
export function optionOrArgument(context: CommandContext, name: string): string {
	const [argument] = context.arguments;
	const value = context.options[name] ?? argument;
	if (value === undefined || value === '') throw new UsageError(`--${name} is missing`);
	return value;
}

/** Rows of a table with columns as wide as they need to be; a Chinese character is two wide. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
	const widthOf = (cell: string) => [...cell].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 0);
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
