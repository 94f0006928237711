/** Somebody the server has recognised: the person, and the session or token they came with. */
export interface Actor {
	userId: string;
	/** Id of the sign-in session or access token, as journal and audit keep it. */
	sessionId: string;
	via: 'cookie' | 'token';
}
