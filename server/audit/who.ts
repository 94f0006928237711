/** Who acts, and from where, as the audit keeps it: ids and addresses, never names. */
export interface Who {
	/** A person's id; `system` and `operator` are the program itself and whoever runs its command line; null = unknown. */
	userId: string | null;
	/** The sign-in session or token, for the operator the account on the machine. */
	sessionId: string | null;
	/** Network address; null for what came from no network. */
	address: string | null;
}

/** The program itself: what it does without being told. */
export const SYSTEM: Who = { userId: 'system', sessionId: null, address: null };

/** Whoever runs the command line on the machine, told apart by their account's number. */
export const OPERATOR: Who = {
	userId: 'operator',
	sessionId: `uid:${process.getuid?.() ?? 'unknown'}`,
	address: null
};
