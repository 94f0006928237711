import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** The dependency rule of ARCHITECTURE.md: for each folder, what it must never import. */
const FORBIDDEN = {
	'src/domain': [
		'#doc/*',
		'#protocol/*',
		'#lib/*',
		'#server/*',
		'#seeds/*',
		'yjs',
		'svelte',
		'svelte/*',
		'kysely',
		'node:*'
	],
	'src/doc': ['#protocol/*', '#lib/*', '#server/*', '#seeds/*', 'svelte', 'svelte/*', 'kysely', 'node:*'],
	'src/protocol': [
		'#doc/*',
		'#lib/*',
		'#server/*',
		'#seeds/*',
		'yjs',
		'svelte',
		'svelte/*',
		'kysely',
		'node:*'
	],
	'src/lib': ['#server/*', 'kysely', 'node:*'],
	server: ['#lib/*', '**/src/lib/**', '**/src/routes/**', 'svelte', 'svelte/*'],
	seeds: ['#lib/*', '#server/*', 'kysely', 'yjs', 'svelte', 'svelte/*']
};

const restricted = (patterns) => ({
	'no-restricted-imports': [
		'error',
		{
			patterns: patterns.map((pattern) => ({
				group: [pattern],
				message: 'against the dependency rule of ARCHITECTURE.md'
			}))
		}
	]
});

const SOURCES = ['**/*.ts', '**/*.svelte', '**/*.svelte.ts'];
const within = (folder) => SOURCES.map((glob) => `${folder}/${glob}`);
const TESTS = ['**/*.test.ts', 'tests/**', 'bench/**'];

export default tseslint.config(
	{ ignores: ['build/', '.svelte-kit/', 'src/lib/paraglide/', 'data/', 'node_modules/', 'test-results/'] },
	{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } },
	...svelte.configs['flat/recommended'].map((config) => ({
		...config,
		files: config.files ?? ['**/*.svelte', '**/*.svelte.ts']
	})),
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: {
			parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig }
		},
		rules: {
			// links here are plain addresses of this one server; the base path is never set
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	...Object.entries(FORBIDDEN).map(([folder, patterns]) => ({
		files: within(folder),
		ignores: TESTS,
		rules: restricted(patterns)
	})),
	{
		// pages and endpoints speak to services, never to the sync server or a repository
		files: within('src/routes'),
		rules: restricted([
			'#server/sync/*',
			'#server/**/*.repository.ts',
			'#server/database/*',
			'#server/journal/*',
			'kysely'
		])
	},
	{
		// what runs in the browser knows nothing of the server
		files: ['src/routes/**/*.svelte'],
		rules: restricted(['#server/*', 'kysely', 'node:*'])
	},
	{
		// only repositories, the database folder and the journal see the query builder
		files: within('server'),
		ignores: [
			'server/**/*.repository.ts',
			'server/database/**',
			'server/journal/**',
			'server/app.ts',
			...TESTS
		],
		rules: restricted(['#lib/*', 'svelte', 'svelte/*', 'kysely'])
	}
);
