import { error } from '@sveltejs/kit';
import { browser } from '$app/environment';
import type { PageLoad } from './$types';

/**
 * A project has an address as long as it stands on the board. In the browser the live board knows that, also without a
 * line and before a new project is committed, so that only the server asks.
 */
export const load: PageLoad = async ({ params, parent, url, untrack }) => {
	// of another moment the board's page itself says that the project was not there
	const isPast = untrack(() => url.searchParams.has('at') || url.searchParams.has('said'));
	if (!browser && !isPast) {
		const { board } = await parent();
		if (!board.projects.some(({ id }) => id === params.project)) error(404, 'not-found');
	}
	return { projectId: params.project };
};
