/** The program cannot start, for a reason its operator can mend; the message says what to do. */
export class StartError extends Error {
	override name = 'StartError';
}
