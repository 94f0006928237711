import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './support/chromium.ts';

/** One check: what it is called and the command that must end with 0. */
type Step = { name: string; command: string[] };

const KIT_TYPES: Step = { name: 'kit types', command: ['svelte-kit', 'sync'] };
/** They run after the browser tests, and both beside the unit and integration tests: half of the time each. */
const STATIC: Step[] = [
	{ name: 'svelte-check', command: ['svelte-check', '--threshold', 'error'] },
	{ name: 'oxlint', command: ['oxlint', '--deny-warnings'] },
	{ name: 'eslint', command: ['eslint', '.', '--max-warnings', '0'] },
	{ name: 'prettier', command: ['prettier', '--check', '.', '--log-level', 'warn'] }
];
const MESSAGES: Step = {
	name: 'messages',
	command: [
		'paraglide-js',
		'compile',
		'--project',
		'./project.inlang',
		'--outdir',
		'./src/lib/paraglide',
		'--strategy',
		'cookie',
		'baseLocale',
		'--silent'
	]
};
const BUILD: Step = { name: 'build', command: ['node', 'server/web/ensure-build.ts'] };
const UNIT: Step = { name: 'unit and integration', command: ['vitest', 'run'] };
const BROWSER: Step = {
	name: 'browser',
	command: ['playwright', 'test', '--config', 'tests/e2e/playwright.config.ts']
};

/** A folder for what the tests leave behind: every server has data of its own, a gigabyte in all. */
function scratchFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'tongchou-tests-'));
	chmodSync(folder, 0o711); // PostgreSQL runs as another user
	return folder;
}

function run(step: Step): Promise<boolean> {
	const [command = '', ...args] = step.command;
	const startedAt = Date.now();
	return new Promise((resolve) => {
		const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
		child.on('exit', (code) => {
			console.log(
				`${code === 0 ? 'passed' : 'FAILED'}: ${step.name} (${Math.round((Date.now() - startedAt) / 1000)} s)`
			);
			resolve(code === 0);
		});
		child.on('error', (error) => {
			console.log(`FAILED: ${step.name}: ${error.message}`);
			resolve(false);
		});
	});
}

async function runInOrder(steps: Step[]): Promise<boolean[]> {
	const results: boolean[] = [];
	for (const step of steps) results.push(await run(step));
	return results;
}

process.env.TMPDIR = scratchFolder();
process.env.CHROMIUM = ensureChromium();
// hundreds of processes load the same modules
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../node_modules/.cache/tests-code');
const prepared = await runInOrder([MESSAGES, KIT_TYPES, BUILD]);
const beside = await Promise.all([runInOrder([UNIT]), runInOrder([BROWSER, ...STATIC])]);
const results = [...prepared, ...beside.flat()];
rmSync(process.env.TMPDIR, { recursive: true, force: true });
const failed = results.filter((passed) => !passed).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
