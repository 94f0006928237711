import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** A project has an address as long as it stands on the board. */
export const load: PageServerLoad = async ({ params, parent }) => {
	const { board } = await parent();
	const project = board.projects.find(({ id }) => id === params.project);
	if (!project) error(404, 'not-found');
	return { projectId: project.id };
};
