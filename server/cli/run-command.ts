import { inspect, parseArgs } from 'node:util';
import { isRefusal } from '#domain/refusal.ts';
import { SeedError } from '#seeds/portfolio.ts';
import { createServices, fillEmpty } from '#server/app.ts';
import { type Config, ConfigError, EXIT_CONFIG, readConfig } from '#server/config.ts';
import { prepareDataDir } from '#server/data-dir.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { StartError } from '#server/start-error.ts';
import { boardCommands } from './board-commands.ts';
import { type Command, type CommandContext, type CommandResult, tableOf, UsageError } from './command.ts';
import { databaseCommands } from './database-commands.ts';
import { historyCommands } from './history-commands.ts';
import { memberCommands } from './member-commands.ts';
import { peopleCommands } from './people-commands.ts';
import { proofCommands } from './proof-commands.ts';
import { tokenCommands } from './token-commands.ts';

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;
const COMMANDS: readonly Command[] = [
	...peopleCommands,
	...tokenCommands,
	...boardCommands,
	...memberCommands,
	...proofCommands,
	...historyCommands,
	...databaseCommands
];

function help(): string {
	const rows = COMMANDS.map(({ name, usage, summary }) => [`  ${name} ${usage}`, summary]);
	return [
		'npx tongchou <command> [--json]',
		'',
		...tableOf(rows),
		'',
		'exit code 0: done, 1: refused, 2: wrong use, 78: wrong setting; messages go to standard error'
	].join('\n');
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

type Parsed = { options: CommandContext['options']; arguments: string[] };

function parse(command: Command, args: string[]): Parsed {
	try {
		const { values, positionals } = parseArgs({
			args,
			options: { ...command.options, json: { type: 'boolean' } },
			allowPositionals: true
		});
		const options = Object.fromEntries(
			Object.entries(values).map(([name, value]) => [name, value === undefined ? undefined : String(value)])
		);
		return { options, arguments: positionals };
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

/** @throws {UsageError} if something is missing or too much */
function checkUse(command: Command, { options, arguments: given }: Parsed): void {
	const { name, usage, required, argument } = command;
	const missing = required?.find((option) => options[option] === undefined);
	if (missing !== undefined) throw new UsageError(`--${missing} is missing: ${name} ${usage}`);
	if (given.length > (argument ? 1 : 0))
		throw new UsageError(`${given.at(-1)} is too much: ${name} ${usage}`);
	if (argument?.isRequired && given.length === 0)
		throw new UsageError(`${argument.name} is missing: ${name} ${usage}`);
}

/** The database, opened when a command first wants it. */
class LazyDatabase {
	readonly #config: Config;
	#connection: Connection | undefined;
	constructor(config: Config) {
		this.#config = config;
	}

	async open() {
		prepareDataDir(this.#config);
		this.#connection = await openDatabase(this.#config.databaseUrl);
		const services = await createServices(this.#config, this.#connection);
		await fillEmpty(services);
		return services;
	}

	async close(): Promise<void> {
		await this.#connection?.db.destroy();
	}
}

/** What a command finds around it. */
export interface Surroundings {
	env: NodeJS.ProcessEnv;
	readStandardInput(): Promise<string>;
}

async function run(
	args: string[],
	{ env, readStandardInput }: Surroundings
): Promise<{ result: CommandResult; asJson: boolean }> {
	const { command, rest } = findCommand(args);
	const parsed = parse(command, rest);
	checkUse(command, parsed);
	const config = readConfig(env);
	const database = new LazyDatabase(config);
	try {
		const result = await command.run({
			...parsed,
			config,
			open: () => database.open(),
			readStandardInput
		});
		return { result, asJson: parsed.options.json === 'true' };
	} finally {
		await database.close();
	}
}

const isExpected = (error: unknown): error is Error =>
	isRefusal(error) ||
	error instanceof UsageError ||
	error instanceof ConfigError ||
	error instanceof StartError ||
	error instanceof SeedError;

function exitCodeOf(error: unknown): number {
	if (error instanceof UsageError) return EXIT_USAGE;
	return error instanceof ConfigError ? EXIT_CONFIG : EXIT_REFUSED;
}

/** How a command ended: exit code, and what goes to standard output and standard error. */
export interface Outcome {
	code: number;
	output: string;
	error: string;
}

/** Runs the command that the arguments name. Bugs end it like a refusal, and show where they are. */
export async function runCommand(args: string[], surroundings: Surroundings): Promise<Outcome> {
	if (args.length === 0 || args.includes('--help'))
		return { code: args.length === 0 ? EXIT_USAGE : 0, output: help(), error: '' };
	try {
		const { result, asJson } = await run(args, surroundings);
		const output = asJson ? JSON.stringify(result.json) : result.lines.join('\n');
		return { code: result.isRefusal ? EXIT_REFUSED : 0, output, error: '' };
	} catch (error) {
		const message = isExpected(error) ? `tongchou: ${error.message}` : inspect(error);
		return { code: exitCodeOf(error), output: '', error: message };
	}
}
