import { error } from '@sveltejs/kit';
import { browser } from '$app/environment';
import type { PageLoad } from './$types';

/**
 * A project has an address as long as it stands on the board. In the browser the live board knows that, also without a
 * line and before a new project is committed, so that only the server asks.
 */
export const load: PageLoad = async ({ params, parent }) => {
	if (!browser) {
		const { board } = await parent();
		if (!board.projects.some(({ id }) => id === params.project)) error(404, 'not-found');
	}
	return { projectId: params.project };
};
