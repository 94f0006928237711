import { HistoryNames } from '../../../history/history-names.svelte.ts';
import type { ProjectPanel } from './project-panel.svelte.ts';

/** What the history of an open project names people, stages, projects and places by. */
export function namesIn({ view, projectId, counties }: ProjectPanel): HistoryNames {
	const sent = () => ({
		people: Object.fromEntries(
			Object.entries(view.people).map(([id, person]) => [id, { ...person, orgId: null }])
		),
		documents: view.documents,
		stages: Object.fromEntries(view.live.board.stages.map((stage) => [stage.id, stage])),
		projects: view.live.board.projects,
		removed: [],
		places: counties
	});
	return new HistoryNames(sent, projectId);
}
