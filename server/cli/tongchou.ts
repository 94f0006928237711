#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { isRefusal } from '#domain/refusal.ts';
import { createServices } from '#server/app.ts';
import { ConfigError, EXIT_CONFIG, readConfig } from '#server/config.ts';
import { openDatabase } from '#server/database/open.ts';
import { StartError } from '#server/start-error.ts';
import { boardCommands } from './board-commands.ts';
import { type Command, type CommandResult, tableOf, UsageError } from './command.ts';
import { databaseCommands } from './database-commands.ts';
import { peopleCommands } from './people-commands.ts';

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;
const COMMANDS: readonly Command[] = [...peopleCommands, ...boardCommands, ...databaseCommands];

function help(): string {
	const rows = COMMANDS.map(({ name, usage, summary }) => [`  ${name} ${usage}`, summary]);
	return ['npx tongchou <command> [--json]', '', ...tableOf(rows)].join('\n');
}

/** The command whose words the arguments begin with. @throws {UsageError} */
function findCommand(args: readonly string[]): { command: Command; rest: string[] } {
	const words = args.filter((arg) => !arg.startsWith('-'));
	const command = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));
	if (!command) throw new UsageError(`${words.slice(0, 2).join(' ') || 'nothing'} is no command; see --help`);
	const rest = [...args];
	for (const word of command.name.split(' ')) rest.splice(rest.indexOf(word), 1);
	return { command, rest };
}

function parse(command: Command, args: string[]) {
	try {
		const { values, positionals } = parseArgs({
			args,
			options: { ...command.options, json: { type: 'boolean' } },
			allowPositionals: true
		});
		const options = Object.fromEntries(
			Object.entries(values).map(([name, value]) => [name, value === undefined ? undefined : String(value)])
		);
		return { options, positionals };
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function checkUse(
	command: Command,
	options: Record<string, string | undefined>,
	positionals: string[]
): void {
	const missing = command.required?.find((name) => options[name] === undefined);
	if (missing !== undefined)
		throw new UsageError(`--${missing} is missing: ${command.name} ${command.usage}`);
	if (positionals.length > (command.arguments ?? 0))
		throw new UsageError(`${positionals.at(-1)} is too much: ${command.name} ${command.usage}`);
	const needsFile = command.usage === 'FILE' && positionals.length === 0;
	if (needsFile) throw new UsageError(`FILE is missing: ${command.name} ${command.usage}`);
}

async function run(args: string[]): Promise<{ result: CommandResult; asJson: boolean }> {
	const { command, rest } = findCommand(args);
	const { options, positionals } = parse(command, rest);
	checkUse(command, options, positionals);
	const config = readConfig(process.env);
	const connection = await openDatabase(config.databaseUrl);
	try {
		const services = await createServices(config, connection);
		const readStandardInput = () => text(process.stdin);
		const context = { services, connection, config, options, arguments: positionals, readStandardInput };
		return { result: await command.run(context), asJson: options.json === 'true' };
	} finally {
		await connection.db.destroy();
	}
}

function exitCodeOf(error: unknown): number {
	if (error instanceof UsageError) return EXIT_USAGE;
	return error instanceof ConfigError ? EXIT_CONFIG : EXIT_REFUSED;
}

async function main(): Promise<void> {
	const args = process.argv.slice(2);
	if (args.length === 0 || args.includes('--help')) {
		console.log(help());
		process.exitCode = args.length === 0 ? EXIT_USAGE : 0;
		return;
	}
	try {
		const { result, asJson } = await run(args);
		console.log(asJson ? JSON.stringify(result.json) : result.lines.join('\n'));
		if (result.isRefusal) process.exitCode = EXIT_REFUSED;
	} catch (error) {
		const isExpected =
			isRefusal(error) ||
			error instanceof UsageError ||
			error instanceof ConfigError ||
			error instanceof StartError;
		console.error(isExpected ? `tongchou: ${error.message}` : error);
		process.exitCode = exitCodeOf(error);
	}
}

await main();
