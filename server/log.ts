import { type Logger, pino } from 'pino';

/** The program's log: JSON lines on standard error, without anything that opens a door. */
export function createLog(level: string): Logger {
	const secrets = ['*.password', '*.token', '*.cookie', '*.authorization', 'req.headers'];
	return pino({ level, redact: { paths: secrets, remove: true } }, pino.destination(2));
}
