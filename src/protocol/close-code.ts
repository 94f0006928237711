/** Websocket close codes of the sync server, after the upgrade. 1012 = the server restarts. */
export const CLOSE_CODES = {
	'service-restart': 1012,
	'try-again-later': 1013,
	'signed-out': 4401,
	'no-access': 4403,
	'no-such-board': 4404,
	'old-epoch': 4409,
	'too-large': 4413,
	malformed: 4422,
	'too-fast': 4429,
	'slow-reader': 4508
} as const;
export type CloseReason = keyof typeof CLOSE_CODES;
export type CloseCode = (typeof CLOSE_CODES)[CloseReason];
