import { redirect } from '@sveltejs/kit';
import { appContext } from '#server/app-context.ts';
import { signedIn } from './access.server.ts';
import type { PageServerLoad } from './$types';

/** Who has one board wants that board. */
export const load: PageServerLoad = async (event) => {
	const boards = await appContext().boards.listFor(signedIn(event).actor);
	const [only] = boards.filter((board) => board.archivedAt === null);
	redirect(303, boards.length === 1 && only ? `/boards/${only.id}` : '/boards');
};
