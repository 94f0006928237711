import type { Logger } from 'pino';
import type { Role } from '#domain/roles.ts';
import type { AuditEvent } from '#server/audit/audit.service.ts';
import type { Who } from '#server/audit/who.ts';
import type { Actor } from '#server/auth/actor.ts';
import type { Standing, Visit } from '#server/auth/standing.ts';
import type { GroupCommit } from '#server/journal/group-commit.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { Compactor } from './compactor.ts';
import type { RefusedEdit } from '#server/history/refused-edits.ts';
import type { SyncLimits } from './limits.ts';
import type { StatePacker } from './state-packer.ts';

/** What others may see of a person who is here: never stored, only relayed. */
export interface Profile {
	id: string;
	name: string;
	org: string;
	/** Index into the presence palette, 0–11. */
	color: number;
}

/** What the sync server needs of the rest of the program. */
export interface SyncDeps {
	journal: Journal;
	commits: GroupCommit;
	packer: StatePacker;
	/** Drops the traces of the past where nobody is. */
	compactor: Compactor;
	/** The person behind a request's cookie or bearer token, if it is still signed in. */
	authenticate(headers: Headers): Promise<Actor | null>;
	/** Whether open connections are still signed in and what role they have, each in its place. */
	standing(visits: readonly Visit[]): Promise<Standing[]>;
	/** The person's role on a board; null = there is no such board for them. */
	roleOn(actor: Actor, boardId: string): Promise<Role | null>;
	profileOf(userId: string): Promise<Profile>;
	/** Keeps the record of an act; what cannot be recorded does not happen. */
	audit(event: AuditEvent): Promise<void>;
	/** Tells the history of a board that an edit was refused; nobody waits for it. */
	noteRefused(edit: RefusedEdit): void;
	/** Keeps the record that a token was used to connect to a board; connecting does not wait for it. */
	noteTokenUse(who: Who, boardId: string): void;
	/** Whether the library has a project of this id. */
	isInLibrary(projectId: string): boolean;
	/** Address of the peer, behind a trusted proxy that of its client. */
	addressOf(request: import('node:http').IncomingMessage): string;
	/** The public address; browsers from elsewhere are refused. */
	origin: string;
	limits: SyncLimits;
	log: Logger;
}
