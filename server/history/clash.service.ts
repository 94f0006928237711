import type { RecordedChange } from '#domain/change.ts';
import { type Claim, type Clash, CLASH_CHOICES, type ClashChoice, clashOf } from '#domain/clash.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Action } from '#domain/roles.ts';
import type { Who } from '#server/audit/who.ts';
import type { AuthService } from '#server/auth/auth.service.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { PeopleService } from '#server/people/people.service.ts';
import type { Act, ActService } from './act.service.ts';
import {
	insertSettlements,
	listClashesOf,
	listOpenClashes,
	listOpenClashesOf,
	type Settlement
} from './clash.repository.ts';

/** More than anybody decides about; what is older is in the history. */
const LISTED_MAX = 200;

/** The clashes of a board that wait for somebody's word, and who the people in them are. */
export interface OpenClashes {
	/** Number of the last entry that was looked at. */
	seq: number;
	/** Newest first. */
	clashes: Clash[];
	people: { id: string; name: string; org: string; orgEn: string }[];
}

/** What becomes of the values two people set at once. */
export class ClashService {
	readonly #db: DatabaseHandle;
	readonly #journal: Pick<Journal, 'head'>;
	readonly #auth: Pick<AuthService, 'demand'>;
	readonly #people: Pick<PeopleService, 'profiles'>;
	readonly #acts: Pick<ActService, 'keep'>;
	readonly #announce: (boardId: string, settlements: readonly Settlement[]) => void;
	constructor(parts: {
		db: DatabaseHandle;
		journal: Pick<Journal, 'head'>;
		auth: Pick<AuthService, 'demand'>;
		people: Pick<PeopleService, 'profiles'>;
		acts: Pick<ActService, 'keep'>;
		/** Tells those who are on a board. */
		announce: (boardId: string, settlements: readonly Settlement[]) => void;
	}) {
		this.#db = parts.db;
		this.#journal = parts.journal;
		this.#auth = parts.auth;
		this.#people = parts.people;
		this.#acts = parts.acts;
		this.#announce = parts.announce;
	}

	/** The clashes nobody has decided about yet. @throws {Refusal} `not-found` */
	async listOpen(boardId: string): Promise<OpenClashes> {
		const { seq } = await this.#journal.head(boardId);
		const clashes = (await listOpenClashes(this.#db, boardId, LISTED_MAX)).map(clashOf);
		const ids = new Set(clashes.flatMap(({ kept, lost }) => [kept.actorId, lost.actorId]));
		const people = [...(await this.#people.profiles(ids)).values()];
		return { seq, clashes, people: people.map(({ id, name, org, orgEn }) => ({ id, name, org, orgEn })) };
	}

	/**
	 * Takes somebody's word that what stands is to stay. The other value is chosen by an edit of its own.
	 * @param seq number of the entry that brought the clash
	 * @param given `choice`, and perhaps `index` where the entry brought several; else it is about all of them
	 * @throws {Refusal} `bad-request`, `not-found`, `forbidden` for who may not edit there, `conflict` if it was decided
	 */
	async settle(
		boardId: string,
		{ seq: asked, given, who }: { seq: string; given: Record<string, unknown>; who: Who }
	): Promise<Settlement[]> {
		await this.#auth.demand(who, boardId, 'history:read');
		const seq = wholeNumber('seq', Number(asked));
		const choice = choiceOf(given.choice);
		const index = given.index === undefined ? undefined : wholeNumber('index', given.index);
		const isMeant = (clash: { index: number }) => index === undefined || clash.index === index;
		const clashes = (await listClashesOf(this.#db, boardId, seq)).filter(isMeant);
		if (clashes.length === 0) throw new Refusal('not-found', 'there was no such clash', { path: ['seq'] });
		for (const action of new Set(clashes.map(actionToSettle))) await this.#auth.demand(who, boardId, action);
		const open = (await listOpenClashesOf(this.#db, boardId, seq)).filter(isMeant);
		if (open.length === 0) throw new Refusal('conflict', 'somebody has decided about it already');
		const word = { userId: who.userId ?? '', settledAt: new Date().toISOString(), choice };
		const settlements = open.map((clash) => ({ seq, index: clash.index, ...word }));
		await this.#acts.keep(boardId, async (trx) => {
			await insertSettlements(trx, boardId, settlements);
			return open.map((clash) => actOf(clash, word));
		});
		this.#announce(boardId, settlements);
		return settlements;
	}
}

/** What the history says of it: the values as the clash had them, and which clash that was. */
function actOf(clash: RecordedChange, { userId, settledAt }: Pick<Settlement, 'userId' | 'settledAt'>): Act {
	const { projectId, projectName, stageId, field, member, before, after, seq } = clash;
	const place = { projectId, projectName, stageId, field, member };
	const kept = { ...(after as Claim), clash: seq };
	return { kind: 'clash-settled', at: settledAt, actorId: userId, ...place, before, after: kept };
}

/** To say that a value stays is to edit it. */
const actionToSettle = ({ projectId }: Pick<Clash, 'projectId'>): Action =>
	projectId === null ? 'stages:edit' : 'board:edit';

function wholeNumber(name: string, value: unknown): number {
	if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
	throw new Refusal('bad-request', `"${name}" is a whole number`, { path: [name] });
}

function choiceOf(value: unknown): ClashChoice {
	const choice = CLASH_CHOICES.find((known) => known === value);
	if (choice) return choice;
	throw new Refusal('bad-request', `"choice" is one of ${CLASH_CHOICES.join(', ')}`, { path: ['choice'] });
}
