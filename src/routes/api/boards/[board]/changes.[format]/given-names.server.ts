import { cityFullName } from '#lib/signs/cities.ts';
import { inLanguage } from '#lib/signs/in-language.ts';
import { stageName } from '#lib/signs/stages.ts';
import { appContext } from '#server/app-context.ts';
import type { Names } from '../../../../boards/[board]/history/history-names.svelte.ts';

/** What the people, projects, stages, places and documents of a board's history are called, as the history page has it. */
export async function givenNames(boardId: string): Promise<Names> {
	const { boardReader, history, people, portfolio } = appContext();
	const profiles = await people.profiles(new Set(await history.actors(boardId)));
	const { board } = await boardReader.read(boardId);
	const stages = await history.stageNames(boardId);
	const removals = await history.lastRemovals(boardId);
	const projects = new Map([
		...removals.map(
			({ projectId, projectName }) => [projectId ?? '', { name: projectName ?? '', nameEn: '' }] as const
		),
		...board.projects.map(({ id, name, nameEn }) => [id, { name, nameEn }] as const)
	]);
	const places = new Map(portfolio.places.map((place) => [place.adcode, place]));
	const documents = new Map(portfolio.documents.map((document) => [document.id, document]));
	return {
		stage(id) {
			const known = Object.hasOwn(stages, id) ? stages[id] : undefined;
			return stageName(known ? { id, ...known } : id);
		},
		project(id) {
			const known = projects.get(id);
			return known ? inLanguage(known.name, known.nameEn) : id;
		},
		projectOf({ projectId, projectName }) {
			if (projectId === null) return '';
			const known = projects.get(projectId);
			return inLanguage(projectName ?? known?.name ?? projectId, known?.nameEn);
		},
		place(code) {
			const place = places.get(code);
			return place ? inLanguage(place.nameZh, place.nameEn) : cityFullName(code);
		},
		document: (id) => documents.get(id),
		person: (id) => profiles.get(id)
	};
}
