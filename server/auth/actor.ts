import type { Who } from '#server/audit/who.ts';

/** Somebody the server has recognised: the person, and the session or token they came with. */
export interface Actor {
	userId: string;
	/** Id of the sign-in session or access token, as journal and audit keep it. */
	sessionId: string;
	via: 'cookie' | 'token';
}

/** Somebody as the audit calls them. */
export function whoIs({ userId, sessionId }: Actor, address: string | null): Who {
	return { userId, sessionId, address };
}
