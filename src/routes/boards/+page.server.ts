import { appContext } from '#server/app-context.ts';
import { signedIn } from '../access.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { boards, boardReader, people } = appContext();
	const { actor, user } = signedIn(event);
	const records = await boards.listFor(actor);
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
	// whoever is on no board yet tells the address to somebody who can add them
	const email = (await people.find(user.id))?.email ?? '';
	return { boards: list, mayCreate: user.role === 'owner', email };
};
