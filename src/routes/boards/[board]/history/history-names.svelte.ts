import { createContext } from 'svelte';
import type { RecordedChange } from '#domain/change.ts';
import { type StageNames, stageNamesFrom } from '#domain/stage-names.ts';
import { inLanguage } from '#lib/signs/in-language.ts';
import { cityFullName } from '#lib/signs/cities.ts';
import { stageName } from '#lib/signs/stages.ts';
import { projectsAfter } from './project-names.ts';

export interface PersonShown {
	id: string;
	name: string;
	org: string;
	orgEn: string;
	orgId: string | null;
	/** Index into the presence palette. */
	color: number;
}
export interface DocumentShown {
	id: string;
	short: string;
	titleZh: string;
	titleEn: string;
	date: string;
}
/** What the page was sent to name things by. */
interface NamesSent {
	people: Readonly<Record<string, PersonShown>>;
	documents: Readonly<Record<string, DocumentShown>>;
	stages: StageNames;
	projects: readonly { id: string; name: string; nameEn: string }[];
	removed: readonly { id: string; name: string }[];
	places: Readonly<Record<string, { nameZh: string; nameEn: string }>>;
}
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
	Object.hasOwn(record, key) ? record[key] : undefined;

/** What people, projects, stages, places and documents of a history are called, as far as is known by now. */
export class HistoryNames {
	/** The project that all of the history is about, which no row need name; absent = there are several. */
	readonly subject: string | undefined;
	readonly #sent: () => NamesSent;
	/** Changes that came since and rename, add or remove something. */
	#since = $state.raw<readonly RecordedChange[]>([]);

	/** @param sent the page's data, which may be sent anew */
	constructor(sent: () => NamesSent, subject?: string) {
		this.#sent = sent;
		this.subject = subject;
	}

	readonly #stages = $derived.by(() => stageNamesFrom(this.#since, this.#sent().stages));
	readonly #projects = $derived.by(() => {
		const { projects, removed } = this.#sent();
		const gone = removed.map((project) => ({ ...project, nameEn: '', isOnBoard: false }));
		return projectsAfter(
			[...gone, ...projects.map((project) => ({ ...project, isOnBoard: true }))],
			this.#since
		);
	});

	/** Every project the board ever had. */
	readonly projects = $derived.by(() => [...this.#projects.values()]);

	/** Takes in what has just been committed. */
	note(changes: readonly RecordedChange[]): void {
		const naming = changes.filter(
			({ kind, field }) =>
				/^(project-(added|taken|restored|removed)|stage-)/.test(kind) || field?.startsWith('name')
		);
		if (naming.length > 0) this.#since = [...this.#since, ...naming];
	}

	person(id: string): PersonShown | undefined {
		return own(this.#sent().people, id);
	}
	document(id: string): DocumentShown | undefined {
		return own(this.#sent().documents, id);
	}
	isOnBoard(projectId: string): boolean {
		return this.#projects.get(projectId)?.isOnBoard ?? false;
	}

	/** The stage by its present or last name. */
	stage(id: string): string {
		const names = own(this.#stages, id);
		return names ? stageName({ id, ...names }) : stageName(id);
	}

	/** The project by its present or last name. */
	project(id: string): string {
		const known = this.#projects.get(id);
		return known ? inLanguage(known.name, known.nameEn) : id;
	}

	/** The project as it was called when this happened; in English by its present name, if it has one. */
	projectOf({ projectId, projectName }: Pick<RecordedChange, 'projectId' | 'projectName'>): string {
		if (projectId === null) return '';
		const known = this.#projects.get(projectId);
		return inLanguage(projectName ?? known?.name ?? projectId, known?.nameEn ?? '');
	}

	place(code: string): string {
		const place = own(this.#sent().places, code);
		return place ? inLanguage(place.nameZh, place.nameEn) : cityFullName(code);
	}
}

/** What telling a change needs to know of names. */
export type Names = Pick<HistoryNames, 'stage' | 'project' | 'projectOf' | 'place'> & {
	document(id: string): Pick<DocumentShown, 'short' | 'titleEn'> | undefined;
	person(id: string): Pick<PersonShown, 'name'> | undefined;
};

export const [getHistoryNames, setHistoryNames] = createContext<HistoryNames>();
