import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const SECRET = 'a'.repeat(32);

test('without any setting it is what the README says', () => {
	expect(readConfig({})).toEqual({
		host: '127.0.0.1',
		port: 3000,
		origin: 'http://127.0.0.1:3000',
		dataDir: './data',
		databaseUrl: 'sqlite:./data/tongchou.sqlite',
		authSecret: undefined,
		trustProxy: false,
		logLevel: 'info',
		maxSocketsPerUser: 50,
		maxSocketsPerAddress: 1_000,
		journalSegmentAfterDays: 30
	});
});

test('a variable set to nothing counts as unset', () => {
	expect(readConfig({ PORT: '', HOST: '', ORIGIN: '', DATA_DIR: '', AUTH_SECRET: '' })).toEqual(
		readConfig({})
	);
});

test('each setting is taken', () => {
	const config = readConfig({
		HOST: '::1',
		PORT: '8080',
		ORIGIN: 'https://board.example.cn/',
		DATA_DIR: '/srv/data',
		DATABASE_URL: 'postgres://u:p@db/board',
		AUTH_SECRET: SECRET,
		TRUST_PROXY: '1',
		LOG_LEVEL: 'warn',
		MAX_SOCKETS_PER_USER: '3',
		MAX_SOCKETS_PER_ADDRESS: '4',
		JOURNAL_SEGMENT_AFTER: '0'
	});
	expect(config).toEqual({
		host: '::1',
		port: 8080,
		origin: 'https://board.example.cn',
		dataDir: '/srv/data',
		databaseUrl: 'postgres://u:p@db/board',
		authSecret: SECRET,
		trustProxy: true,
		logLevel: 'warn',
		maxSocketsPerUser: 3,
		maxSocketsPerAddress: 4,
		journalSegmentAfterDays: 0
	});
});

describe('a wrong value names its variable', () => {
	test.each([
		['PORT', 'http'],
		['PORT', '0'],
		['PORT', '65536'],
		['PORT', '80.5'],
		['PORT', '-1'],
		['ORIGIN', 'board.example.cn'],
		['ORIGIN', 'ftp://board.example.cn'],
		['ORIGIN', 'https://board.example.cn/path'],
		['ORIGIN', 'https://u:p@board.example.cn'],
		['DATABASE_URL', 'mysql://db/board'],
		['DATABASE_URL', 'sqlite:'],
		['AUTH_SECRET', 'secret'],
		['TRUST_PROXY', 'true'],
		['LOG_LEVEL', 'verbose'],
		['MAX_SOCKETS_PER_USER', '0'],
		['MAX_SOCKETS_PER_ADDRESS', 'many']
	])('%s=%s', (name, value) => {
		expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
		expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} `));
	});

	test('a secret is not shown, however wrong', () => {
		expect(() => readConfig({ AUTH_SECRET: 'hunter2' })).toThrow(/^AUTH_SECRET (?!.*hunter2)/);
	});
	test('the password of a database is not shown either', () => {
		expect(() => readConfig({ DATABASE_URL: 'mysql://u:hunter2@db/board' })).toThrow(
			/^DATABASE_URL (?!.*hunter2)/
		);
	});
});
