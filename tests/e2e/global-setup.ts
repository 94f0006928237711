import { startBoardServer } from './board-server.ts';
import { PEOPLE, type PersonKey } from './people.ts';

/** One real server on a fresh database for most browser tests, with people of three bodies on its board. */
export default async function setup(): Promise<() => Promise<void>> {
	const server = await startBoardServer(Object.keys(PEOPLE) as PersonKey[]);
	process.env.TONGCHOU_ORIGIN = server.origin;
	process.env.TONGCHOU_DATA_DIR = server.dataDir;
	return async () => {
		await server.stop();
	};
}
