import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { tongchou } from './server/web/dev-plugin.ts';

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
			{
				extends: true,
				test: {
					name: 'node',
					environment: 'node',
					// nothing waits for so long on a quiet machine; a busy one must not fail what is right
					testTimeout: 30_000,
					hookTimeout: 60_000,
					include: [
						'src/**/*.test.ts',
						'server/**/*.test.ts',
						'seeds/**/*.test.ts',
						'tests/{architecture,convergence,faults,history,journal,server,sync}/**/*.test.ts'
					],
					exclude: ['**/*.browser.test.ts']
				}
			}
		]
	}
});
