import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '#domain/limits.ts';
import type { Connection } from '#server/database/connect.ts';

const DAY_S = 86_400;

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
		// ends after a week without use; however much it is used, `SESSION_MAX_AGE_MS` ends it
		session: { expiresIn: 7 * DAY_S, updateAge: DAY_S, cookieCache: { enabled: false } },
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

/** Brings the sign-in tables to what better-auth needs. */
export async function migrateAuth(auth: Auth): Promise<void> {
	const { runMigrations } = await getMigrations(auth.options);
	await runMigrations();
}
