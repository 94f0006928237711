import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '#domain/limits.ts';
import type { Connection } from '#server/database/connect.ts';

const DAY_S = 86_400;
/** A session ends after so long without use; however much it is used, `SESSION_MAX_AGE_MS` ends it. */
const UNUSED_S = 7 * DAY_S;
/** How long after a session was last lengthened it is so again. */
const LENGTHEN_S = DAY_S;

export interface AuthOptions {
	connection: Connection;
	secret: string;
	origin: string;
}

/**
 * better-auth as this program uses it: accounts are made by an owner, never by strangers. Its own limits on attempts
 * are off, since `SignInService` counts by account and address.
 */
export function createAuth({ connection, secret, origin }: AuthOptions) {
	return betterAuth({
		database: { db: connection.db, type: connection.kind },
		secret,
		baseURL: origin,
		trustedOrigins: [origin],
		telemetry: { enabled: false },
		logger: { disabled: true },
		emailAndPassword: {
			enabled: true,
			disableSignUp: true,
			minPasswordLength: PASSWORD_MIN_CHARS,
			maxPasswordLength: PASSWORD_MAX_CHARS
		},
		session: { expiresIn: UNUSED_S, updateAge: LENGTHEN_S, cookieCache: { enabled: false } },
		rateLimit: { enabled: false },
		advanced: {
			useSecureCookies: origin.startsWith('https:'),
			defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
			// the server itself writes the address of the peer into this header
			ipAddress: { ipAddressHeaders: ['x-peer-address'] }
		}
	});
}
export type Auth = ReturnType<typeof createAuth>;

/** Whether a session was lengthened so lately that better-auth would leave it as it is. */
export function isFresh({ expiresAt }: { expiresAt: string | Date }, now: Date): boolean {
	return new Date(expiresAt).getTime() - (UNUSED_S - LENGTHEN_S) * 1_000 > now.getTime();
}

/** Brings the sign-in tables to what better-auth needs. */
export async function migrateAuth(auth: Auth): Promise<void> {
	const { runMigrations } = await getMigrations(auth.options);
	await runMigrations();
}
