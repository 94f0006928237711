import { appContext } from '#server/app-context.ts';
import { signedIn } from '../access.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { boards, boardReader } = appContext();
	const records = await boards.listFor(signedIn(event).actor);
	const list = await Promise.all(
		records.map(async ({ id, title, archivedAt, role }) => {
			const { board, at } = await boardReader.read(id);
			return {
				id,
				title: board.title || title,
				archivedAt,
				role,
				projects: board.projects.length,
				changedAt: at
			};
		})
	);
	return { boards: list };
};
