import type { Logger } from 'pino';
import { isId } from '#domain/ids.ts';
import type { RefusalCode } from '#domain/refusal.ts';
import { META_FIELDS, PROJECT_FIELDS, STAGE_FIELDS } from '#doc/fields.ts';
import type { ActService } from './act.service.ts';

/** An edit that was refused: whose, where, and why. */
export interface RefusedEdit {
	boardId: string;
	actorId: string;
	code: RefusalCode;
	/** As far as it is known; it comes from outside. */
	path: readonly string[];
}

/** Refusals that are about the edit, and not about the line or the hour. */
const TOLD: readonly RefusalCode[] = [
	'forbidden',
	'schema',
	'conflict',
	'too-large',
	'malformed-update',
	'foreign-client-id'
];
/** The same again within this time is the same trial. */
const REPEATED_MS = 15 * 60_000;
/** Of one person on one board in that time; whoever tries more is in the audit with all of it. */
const TOLD_MAX = 20;

/** Tells the history which edits were refused, so that a trial is no secret; repeated ones once. */
export class RefusedEdits {
	readonly #acts: Pick<ActService, 'keep'>;
	readonly #log: Pick<Logger, 'error'>;
	/** Each person's latest trials on a board: what was tried, and when that is forgotten. */
	readonly #trials = new Map<string, Map<string, number>>();
	constructor(acts: Pick<ActService, 'keep'>, log: Pick<Logger, 'error'>) {
		this.#acts = acts;
		this.#log = log;
	}

	/** Takes notice of a refusal; nobody waits for it. */
	note(edit: RefusedEdit): void {
		if (!TOLD.includes(edit.code) || !this.#isNew(edit)) return;
		const { boardId, actorId, code } = edit;
		const act = { kind: 'edit-refused' as const, at: new Date().toISOString(), actorId, after: { code } };
		this.#acts
			.keep(boardId, () => Promise.resolve([{ ...act, ...placeOf(edit.path) }]))
			.catch((error: unknown) => this.#log.error({ err: error, board: boardId }, 'a refusal was not kept'));
	}

	#isNew({ boardId, actorId, code, path }: RefusedEdit): boolean {
		const now = Date.now();
		const who = `${boardId} ${actorId}`;
		const trials = this.#trials.get(who) ?? new Map<string, number>();
		for (const [what, until] of trials) if (until <= now) trials.delete(what);
		const what = `${code} ${path.slice(0, PLACE_KEYS).join('/')}`;
		if (trials.has(what) || trials.size >= TOLD_MAX) return false;
		this.#trials.set(who, trials.set(what, now + REPEATED_MS));
		return true;
	}
}

/** Root, id, field: an entry of a list is told by its list. */
const PLACE_KEYS = 3;

/** The place on the board as far as its keys are such as a board has. */
function placeOf([root, id, field]: readonly string[]) {
	const known = isId(id) ? id : null;
	const within = (fields: object) => (field !== undefined && Object.hasOwn(fields, field) ? field : null);
	if (root === 'projects') return { projectId: known, field: known === null ? null : within(PROJECT_FIELDS) };
	if (root === 'stages') return { stageId: known, field: known === null ? null : within(STAGE_FIELDS) };
	return { field: root === 'meta' && known !== null && Object.hasOwn(META_FIELDS, known) ? known : null };
}
