import { Refusal } from '#domain/refusal.ts';
import type { CloseReason } from '#protocol/close-code.ts';

/** Why a connection is closed for what went wrong in one of its messages; a bug of ours is no fault of the client. */
export function closeReasonOf(error: unknown): CloseReason {
	if (!(error instanceof Refusal)) return 'try-again-later';
	switch (error.code) {
		case 'too-large':
			return 'too-large';
		case 'forbidden':
			return 'no-access';
		case 'signed-out':
			return 'signed-out';
		case 'not-found':
			return 'no-such-board';
		case 'old-epoch':
			return 'old-epoch';
		case 'too-fast':
			return 'too-fast';
		case 'slow-reader':
			return 'slow-reader';
		case 'storage-failed':
			return 'try-again-later';
		case 'bad-request':
		case 'conflict':
		case 'malformed-update':
		case 'gap':
		case 'foreign-client-id':
		case 'schema':
			return 'malformed';
		default:
			return error.code satisfies never;
	}
}
