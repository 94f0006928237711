/** Why something was refused; a closed list that one edge turns into close codes, HTTP statuses or exit codes. */
export const REFUSAL_CODES = [
	'bad-request',
	'signed-out',
	'forbidden',
	'not-found',
	'conflict',
	'too-large',
	'malformed-update',
	'gap',
	'foreign-client-id',
	'schema',
	'too-fast',
	'slow-reader',
	'old-epoch',
	'storage-failed'
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** An expected refusal: `code` for machines, message for people and logs, `path` where in the board or in a form. */
export class Refusal extends Error {
	override name = 'Refusal';
	readonly code: RefusalCode;
	readonly path: readonly string[];
	constructor(code: RefusalCode, message: string, options?: ErrorOptions & { path?: readonly string[] }) {
		super(message, options);
		this.code = code;
		this.path = options?.path ?? [];
	}
}

/**
 * Tells a refusal from a bug. By its name, since the pages' bundle and the server are two module graphs with a class
 * of their own each.
 */
export function isRefusal(error: unknown): error is Refusal {
	return error instanceof Error && error.name === 'Refusal' && 'code' in error;
}
