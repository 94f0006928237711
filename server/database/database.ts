import type { ColumnType, Generated, Insertable, Selectable, Kysely, Transaction } from 'kysely';

/** Binary columns: Buffer from PostgreSQL, Uint8Array from SQLite, either going in. */
type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>;

/** One board. `epoch` fences writers that hold an older copy of its document. */
export interface BoardTable {
	id: string;
	title: string;
	template: string;
	epoch: number;
	created_at: string;
	created_by: string;
	archived_at: string | null;
	/** The last entry that is packed into a segment; 0 = none is. */
	packed_seq: ColumnType<number, number | undefined, number>;
}

/** The append-only truth: every committed update in the order of the board. */
export interface JournalTable {
	board_id: string;
	seq: number;
	epoch: number;
	actor_id: string;
	session_id: string | null;
	received_at: string;
	update_bytes: Bytes;
	prev_hash: string;
	hash: string;
}

/** Consecutive journal entries of one epoch, packed in the place of their rows; insert-only. */
export interface JournalSegmentTable {
	board_id: string;
	from_seq: number;
	to_seq: number;
	epoch: number;
	prev_hash: string;
	hash: string;
	earliest_at: string;
	stamps: Bytes;
	updates: Bytes;
	digest: string;
}

/** A cache of a board's document at a seq, so that opening it need not replay the journal. */
export interface SnapshotTable {
	board_id: string;
	seq: number;
	epoch: number;
	state: Bytes;
	created_at: string;
}

/** Which user first wrote with a Yjs client id on a board. */
export interface ClientOwnerTable {
	board_id: string;
	client_id: number;
	user_id: string;
}

/** A projection of the journal and of the acts beside it: what changed, in words' reach. Dropped and rebuilt it is identical. */
export interface ChangeTable {
	/** Number of the board's id, as are those below of what stands there; 0 = nothing. */
	board: number;
	seq: number;
	index: number;
	/** Milliseconds since 1970. */
	at: number;
	/** What the history calls a dated code; 0 = none. */
	document_date: number;
	actor: number;
	/** Of `change-kinds.ts`. */
	kind: number;
	/** That of the board where a row is about no project. */
	project: number;
	name: number;
	stage: number;
	field: number;
	/** Empty = none. */
	member: string;
	/** JSON text, empty = null. */
	before: string;
	/** JSON text, empty = null. */
	after: string;
}

/** A text that change rows of one board repeat, and the number they repeat in its place. */
export interface ChangeTermTable {
	id: Generated<number>;
	/** Number of the board the text belongs to; 0 = it is a board's id. */
	board: number;
	text: string;
}

/** What people did about a board without changing it, as the change rows tell it: no part of the journal, and as lasting. */
export interface BoardActTable {
	board_id: string;
	seq: number;
	index: number;
	at: string;
	/** The document's date for evidence, else `at`. */
	dated: string;
	document_date: string | null;
	actor_id: string;
	kind: string;
	project_id: string | null;
	project_name: string | null;
	stage_id: string | null;
	field: string | null;
	member: string | null;
	/** JSON text. */
	before: string;
	/** JSON text. */
	after: string;
}

/** A board as it was after an entry, from which those before are made: a cache. */
export interface BoardCheckpointTable {
	board_id: string;
	seq: number;
	/** Length of the picture. */
	bytes: number;
	picture: Bytes;
}

/** A moment of a board that somebody named; no part of the journal. */
export interface NamedVersionTable {
	id: string;
	board_id: string;
	/** The last entry the board held at that moment. */
	seq: number;
	name: string;
	note: string;
	created_at: string;
	created_by: string;
}

export interface MembershipTable {
	board_id: string;
	user_id: string;
	role: string;
	created_at: string;
}

/** When somebody was last on a board, and when their visit before that one ended. */
export interface BoardVisitTable {
	board_id: string;
	user_id: string;
	seen_at: string;
	before_at: string | null;
}

export interface OrganisationTable {
	id: string;
	name: string;
	name_en: string;
	kind: string;
	/** Adcode of the place it answers for, if any. */
	place: string | null;
}

/** What Tongchou keeps of a person beside the sign-in tables of better-auth. */
export interface PersonTable {
	user_id: string;
	organisation_id: string | null;
	role: string;
	disabled_at: string | null;
}

/** Bearer tokens; only a digest is stored. */
export interface AccessTokenTable {
	id: string;
	user_id: string;
	digest: string;
	created_at: string;
	last_used_at: string | null;
	revoked_at: string | null;
}

/** One-time invitations, such as the owner link of the first start; only a digest is stored. */
export interface InvitationTable {
	digest: string;
	purpose: string;
	created_at: string;
	used_at: string | null;
}

/** The tables of better-auth that the rest of the program reads. */
export interface AuthUserTable {
	id: string;
	name: string;
	email: string;
	emailVerified: boolean | number;
	image: string | null;
	createdAt: string | Date;
	updatedAt: string | Date;
}
export interface AuthSessionTable {
	id: string;
	token: string;
	userId: string;
	expiresAt: string | Date;
	createdAt: string | Date;
	updatedAt: string | Date;
	ipAddress: string | null;
	userAgent: string | null;
}

export interface AuthAccountTable {
	id: string;
	accountId: string;
	providerId: string;
	userId: string;
	password: string | null;
	createdAt: string | Date;
	updatedAt: string | Date;
}

/** Somebody's word on a clash: which of the two values is to stay. The clash itself is a change row. */
export interface ClashSettlementTable {
	board_id: string;
	seq: number;
	index: number;
	user_id: string;
	settled_at: string;
	choice: string;
}

/** One record for each act that must be answerable for later. */
export interface AuditTable {
	id: string;
	at: string;
	actor_id: string | null;
	session_id: string | null;
	address: string | null;
	action: string;
	object: string | null;
	result: string;
}

export interface Database {
	board: BoardTable;
	journal: JournalTable;
	journal_segment: JournalSegmentTable;
	snapshot: SnapshotTable;
	client_owner: ClientOwnerTable;
	change: ChangeTable;
	change_term: ChangeTermTable;
	board_act: BoardActTable;
	board_checkpoint: BoardCheckpointTable;
	named_version: NamedVersionTable;
	clash_settlement: ClashSettlementTable;
	membership: MembershipTable;
	board_visit: BoardVisitTable;
	organisation: OrganisationTable;
	person: PersonTable;
	access_token: AccessTokenTable;
	invitation: InvitationTable;
	audit: AuditTable;
	user: AuthUserTable;
	session: AuthSessionTable;
	account: AuthAccountTable;
}

export type JournalRow = Selectable<JournalTable>;
export type JournalSegmentRow = Selectable<JournalSegmentTable>;
export type NewJournalRow = Insertable<JournalTable>;

/** An open database, as repositories take it and services hand it on. */
export type DatabaseHandle = Kysely<Database>;

/** A transaction, as it is handed on by those who began it. */
export type TransactionHandle = Transaction<Database>;
