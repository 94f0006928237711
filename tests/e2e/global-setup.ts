import { startServer, tongchou } from '../support/server-process.ts';
import { BOARD, OUTSIDER, PASSWORD, PEOPLE } from './people.ts';

async function run(dataDir: string, args: string[], input?: string): Promise<void> {
	const { code, stderr } = await tongchou(dataDir, args, input);
	if (code !== 0) throw new Error(`tongchou ${args.join(' ')} ended with ${code}: ${stderr}`);
}

/** One real server on a fresh database for all browser tests, with people of three bodies on its board. */
export default async function setup(): Promise<() => Promise<void>> {
	const server = await startServer();
	for (const { email, name, org, role } of [...Object.values(PEOPLE), OUTSIDER]) {
		const account = [
			'user',
			'add',
			'--email',
			email,
			'--name',
			name,
			'--org',
			org,
			'--role',
			role,
			'--password-stdin'
		];
		await run(server.dataDir, account, PASSWORD);
	}
	for (const { email, role } of Object.values(PEOPLE)) {
		await run(server.dataDir, ['member', 'add', '--board', BOARD, '--email', email, '--role', role]);
	}
	process.env.TONGCHOU_ORIGIN = server.origin;
	process.env.TONGCHOU_DATA_DIR = server.dataDir;
	return async () => {
		await server.stop();
	};
}
