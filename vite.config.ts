import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { tongchou } from './server/web/dev-plugin.ts';

const include = [
	'src/**/*.test.ts',
	'server/**/*.test.ts',
	'seeds/**/*.test.ts',
	'tests/{architecture,convergence,faults,history,journal,server,sync}/**/*.test.ts'
];
/** They weigh their own process, so that nobody else's work may lie in it. All others share one: loading the program takes a second. */
const apart = ['src/doc/inspection/effort.test.ts', 'tests/sync/refusals.test.ts'];
const common = {
	environment: 'node',
	// nothing waits for so long on a quiet machine; a busy one must not fail what is right
	testTimeout: 30_000,
	hookTimeout: 60_000
} as const;

export default defineConfig({
	plugins: [
		tailwindcss(),
		paraglideVitePlugin({
			project: './project.inlang',
			outdir: './src/lib/paraglide',
			strategy: ['cookie', 'baseLocale']
		}),
		sveltekit(),
		tongchou()
	],
	test: {
		projects: [
			{ extends: true, test: { ...common, name: 'together', isolate: false, include, exclude: apart } },
			{ extends: true, test: { ...common, name: 'apart', include: apart } }
		]
	}
});
