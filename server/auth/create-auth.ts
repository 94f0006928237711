import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { PASSWORD_MIN_CHARS } from '#domain/limits.ts';
import type { Connection } from '#server/database/connect.ts';

const DAY_S = 86_400;
const SIGN_IN_WINDOW_S = 60;
/** Sign-in attempts from one address within the window. */
const SIGN_IN_ATTEMPTS = 30;

export interface AuthOptions {
	connection: Connection;
	secret: string;
	origin: string;
	trustProxy: boolean;
}

/** better-auth as this program uses it: accounts are made by an owner, never by strangers. */
export function createAuth({ connection, secret, origin, trustProxy }: AuthOptions) {
	return betterAuth({
		database: { db: connection.db, type: connection.kind },
		secret,
		baseURL: origin,
		trustedOrigins: [origin],
		telemetry: { enabled: false },
		logger: { level: 'error' },
		emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: PASSWORD_MIN_CHARS },
		session: { expiresIn: 7 * DAY_S, updateAge: DAY_S, cookieCache: { enabled: false } },
		rateLimit: {
			enabled: true,
			window: SIGN_IN_WINDOW_S,
			max: 600,
			customRules: { '/sign-in/email': { window: SIGN_IN_WINDOW_S, max: SIGN_IN_ATTEMPTS } }
		},
		advanced: {
			useSecureCookies: origin.startsWith('https:'),
			defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
			// without a trusted proxy the server itself writes the address of the peer into this header
			ipAddress: { ipAddressHeaders: [trustProxy ? 'x-forwarded-for' : 'x-peer-address'] }
		}
	});
}
export type Auth = ReturnType<typeof createAuth>;

/** Brings the sign-in tables to what better-auth needs. */
export async function migrateAuth(auth: Auth): Promise<void> {
	const { runMigrations } = await getMigrations(auth.options);
	await runMigrations();
}
