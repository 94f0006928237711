import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunOptions } from './contenders.ts';
import { publish, type Report } from './report.ts';

const BENCHMARKS: Record<string, () => Promise<{ run(options: RunOptions): Promise<Report> }>> = {
	sync: () => import('./sync.ts'),
	join: () => import('./join.ts'),
	storm: () => import('./storm.ts'),
	memory: () => import('./memory.ts'),
	durability: () => import('./durability.ts'),
	history: () => import('./history.ts'),
	inspect: () => import('./inspect.ts')
};
/** What no peer has anything like. */
const WITHOUT_PEERS = ['history', 'inspect'];
const EXIT_USAGE = 2;
const PEERS = join(import.meta.dirname, 'peer-servers');

/** The peers are packages of their own folder, so that nobody installs them to run the program. */
function ensurePeers(): void {
	if (existsSync(join(PEERS, 'node_modules/@hocuspocus/server'))) return;
	console.log('Installing the servers to measure beside ours …');
	execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: PEERS, stdio: 'inherit' });
}

const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: {
		rounds: { type: 'string', default: '1' },
		only: { type: 'string', default: '' },
		projects: { type: 'string' },
		edits: { type: 'string' }
	}
});
const load = BENCHMARKS[positionals[0] ?? ''];
if (!load) {
	const options = '[--rounds N] [--only floor,ours] [--projects N] [--edits N]';
	console.error(`npm run bench -- <${Object.keys(BENCHMARKS).join(' | ')}> ${options}`);
	process.exit(EXIT_USAGE);
}
if (!WITHOUT_PEERS.includes(positionals[0]!)) ensurePeers();
const sizeOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const { run } = await load();
publish(
	await run({
		rounds: Number(values.rounds),
		only: values.only.split(',').filter(Boolean),
		projects: sizeOf(values.projects),
		edits: sizeOf(values.edits)
	})
);
