import * as v from 'valibot';

/** Exit code for a wrong setting: `EX_CONFIG` of sysexits.h. */
export const EXIT_CONFIG = 78;

/** A setting has a value that cannot be used; the message names it. */
export class ConfigError extends Error {
	override name = 'ConfigError';
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const SECRET_MIN_CHARS = 32;

const whole = (min: number, max: number, fallback: string) =>
	v.pipe(
		v.optional(v.string(), fallback),
		v.regex(/^\d+$/, 'is not a whole number'),
		v.transform(Number),
		v.minValue(min, `is below ${min}`),
		v.maxValue(max, `is above ${max}`)
	);

function isOrigin(text: string): boolean {
	try {
		const url = new URL(text);
		return /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '');
	} catch {
		return false;
	}
}

const Environment = v.object({
	HOST: v.pipe(v.optional(v.string(), '127.0.0.1'), v.nonEmpty('is empty')),
	PORT: whole(1, 65_535, '3000'),
	ORIGIN: v.optional(
		v.pipe(v.string(), v.check(isOrigin, 'is not an address like https://board.example.cn'))
	),
	DATA_DIR: v.optional(v.pipe(v.string(), v.nonEmpty('is empty'))),
	DATABASE_URL: v.optional(
		v.pipe(
			v.string(),
			v.regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, 'is neither sqlite:<path> nor postgres://…')
		)
	),
	AUTH_SECRET: v.optional(
		v.pipe(v.string(), v.minLength(SECRET_MIN_CHARS, `is shorter than ${SECRET_MIN_CHARS} characters`))
	),
	TRUST_PROXY: v.pipe(v.optional(v.string(), '0'), v.picklist(['0', '1'], 'is neither 0 nor 1')),
	LOG_LEVEL: v.pipe(
		v.optional(v.string(), 'info'),
		v.picklist(LOG_LEVELS, `is none of ${LOG_LEVELS.join(', ')}`)
	),
	MAX_SOCKETS_PER_USER: whole(1, 1_000_000, '50'),
	MAX_SOCKETS_PER_ADDRESS: whole(1, 1_000_000, '1000'),
	JOURNAL_SEGMENT_AFTER: whole(0, 36_500, '30')
});

export interface Config {
	host: string;
	port: number;
	/** The public address, without a slash at its end. */
	origin: string;
	dataDir: string;
	databaseUrl: string;
	/** Undefined: made on the first start and kept in the data folder. */
	authSecret: string | undefined;
	trustProxy: boolean;
	logLevel: (typeof LOG_LEVELS)[number];
	maxSocketsPerUser: number;
	maxSocketsPerAddress: number;
	/** Age of journal entries from which on they are packed. */
	journalSegmentAfterDays: number;
}

/** Settings that hold a password or a key: their value is nobody's to read in a log. */
const SECRETS = ['AUTH_SECRET', 'DATABASE_URL'];

function shownValue(name: string, value: string | undefined): string {
	return SECRETS.includes(name) ? 'not shown' : JSON.stringify(value);
}

/** An unset variable and one set to nothing mean the same in a shell script. */
const withoutEmpty = (env: NodeJS.ProcessEnv) =>
	Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));

/**
 * Reads the settings from the environment.
 * @param defaultDataDir used where `DATA_DIR` is not set
 * @throws {ConfigError} naming the variable and what is wrong with it
 */
export function readConfig(env: NodeJS.ProcessEnv, defaultDataDir = './data'): Config {
	const result = v.safeParse(Environment, withoutEmpty(env));
	if (!result.success) {
		const issue = result.issues[0];
		const name = v.getDotPath(issue) ?? '';
		throw new ConfigError(`${name} ${issue.message} (it is ${shownValue(name, env[name])})`);
	}
	const settings = result.output;
	const dataDir = settings.DATA_DIR ?? defaultDataDir;
	return {
		host: settings.HOST,
		port: settings.PORT,
		origin: (settings.ORIGIN ?? `http://127.0.0.1:${settings.PORT}`).replace(/\/$/, ''),
		dataDir,
		databaseUrl: settings.DATABASE_URL ?? `sqlite:${dataDir}/tongchou.sqlite`,
		authSecret: settings.AUTH_SECRET,
		trustProxy: settings.TRUST_PROXY === '1',
		logLevel: settings.LOG_LEVEL,
		maxSocketsPerUser: settings.MAX_SOCKETS_PER_USER,
		maxSocketsPerAddress: settings.MAX_SOCKETS_PER_ADDRESS,
		journalSegmentAfterDays: settings.JOURNAL_SEGMENT_AFTER
	};
}
