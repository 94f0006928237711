import type { Awareness } from 'y-protocols/awareness';

/** Somebody as others see them; the server writes this, not the client. */
export interface UserShown {
	id: string;
	name: string;
	org: string;
	/** Index into the presence palette, 0–11. */
	color: number;
}
/** Where on the board somebody is. */
export interface PresencePlace {
	projectId?: string | undefined;
	/** A key of the project. */
	field?: string | undefined;
}
/** One open tab of somebody. */
export interface PersonHere extends PresencePlace {
	clientId: number;
	user: UserShown;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

function userOf(value: unknown): UserShown | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const { id, name, org, color } = value as Record<string, unknown>;
	if (typeof id !== 'string' || typeof name !== 'string') return undefined;
	return { id, name, org: textOf(org) ?? '', color: typeof color === 'number' ? color : 0 };
}

/** Each person once, by the tab that came last. */
function onceEach(people: readonly PersonHere[]): PersonHere[] {
	return [...new Map(people.map((person) => [person.user.id, person])).values()];
}

/** Who is on the board, and where: from the awareness of the replica in use. */
export class Presence {
	readonly #me: UserShown;
	#awareness: Awareness | undefined;
	#people = $state.raw<readonly PersonHere[]>([]);
	#place: PresencePlace = {};

	constructor(me: UserShown) {
		this.#me = me;
	}

	/** The open tabs of everybody else. */
	get people(): readonly PersonHere[] {
		return this.#people;
	}

	/** Everybody once, oneself first. */
	readonly users: readonly PersonHere[] = $derived.by(() => {
		const self: PersonHere = { clientId: 0, user: this.#me };
		return onceEach([self, ...this.#people]);
	});

	readonly #byProject = $derived.by(() => Map.groupBy(this.#people, ({ projectId }) => projectId));

	/** Others who are on a project, each once. */
	peopleOn(projectId: string): readonly PersonHere[] {
		return onceEach(this.#byProject.get(projectId) ?? []);
	}

	/** Others who are in a field of a project, each once. */
	peopleIn(projectId: string, field: string): readonly PersonHere[] {
		return this.peopleOn(projectId).filter((person) => person.field === field);
	}

	/** Tells the others where one is. */
	setPlace(place: PresencePlace): void {
		this.#place = place;
		this.#awareness?.setLocalState({ ...this.#awareness.getLocalState(), ...this.#told() });
	}

	/** Absent keys are told as null, which takes them away from the state before. */
	#told() {
		return { projectId: this.#place.projectId ?? null, field: this.#place.field ?? null };
	}

	/** Follows a replica's awareness instead of the one before. */
	attach(awareness: Awareness): void {
		this.detach();
		this.#awareness = awareness;
		awareness.on('change', this.#read);
		this.setPlace(this.#place);
		this.#read();
	}

	detach(): void {
		this.#awareness?.off('change', this.#read);
		this.#awareness = undefined;
		this.#people = [];
	}

	readonly #read = (): void => {
		const awareness = this.#awareness;
		if (!awareness) return;
		this.#people = [...awareness.getStates()].flatMap(([clientId, state]) => {
			const user = userOf(state.user);
			if (!user || user.id === this.#me.id) return [];
			return [{ clientId, user, projectId: textOf(state.projectId), field: textOf(state.field) }];
		});
	};
}
