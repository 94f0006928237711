import { getLocale } from '#lib/paraglide/runtime.js';
import { cityFullName } from '#lib/signs/cities.ts';
import { stageName } from '#lib/signs/stages.ts';
import { appContext } from '#server/app-context.ts';
import type { Names } from '../../../../boards/[board]/history/history-names.svelte.ts';

type InTwo = { zh: string; en: string };

const inLanguage = ({ zh, en }: InTwo) => (getLocale() === 'en' && en) || zh;

/** What the people, projects, stages, places and documents of a board's history are called, as the history page has it. */
export async function givenNames(boardId: string): Promise<Names> {
	const { boardReader, history, people, portfolio } = appContext();
	const profiles = await people.profiles(new Set(await history.actors(boardId)));
	const { board } = await boardReader.read(boardId);
	const stages = await history.stageNames(boardId);
	const removals = await history.lastRemovals(boardId);
	const projects = new Map<string, InTwo>([
		...removals.map(
			({ projectId, projectName }) => [projectId ?? '', { zh: projectName ?? '', en: '' }] as const
		),
		...board.projects.map(({ id, name, nameEn }) => [id, { zh: name, en: nameEn }] as const)
	]);
	const places = new Map(
		portfolio.places.map(({ adcode, nameZh, nameEn }) => [adcode, { zh: nameZh, en: nameEn }])
	);
	const documents = new Map(portfolio.documents.map((document) => [document.id, document]));
	return {
		stage(id) {
			const known = Object.hasOwn(stages, id) ? stages[id] : undefined;
			return stageName(known ? { id, ...known } : id);
		},
		project: (id) => inLanguage(projects.get(id) ?? { zh: id, en: '' }),
		projectOf({ projectId, projectName }) {
			if (projectId === null) return '';
			const known = projects.get(projectId);
			return inLanguage({ zh: projectName ?? known?.zh ?? projectId, en: known?.en ?? '' });
		},
		place(code) {
			const place = places.get(code);
			return place ? inLanguage(place) : cityFullName(code);
		},
		document: (id) => documents.get(id),
		person: (id) => profiles.get(id)
	};
}
