import { ACCOUNT_PATHS } from './account-paths.server.ts';
import { BOARD_PATHS } from './board-paths.server.ts';
import { PROGRAM_PATHS } from './program-paths.server.ts';
import { PROOF_PATHS } from './proof-paths.server.ts';
import { SCHEMAS } from './schemas.server.ts';

const DESCRIPTION = `Answers are JSON. Errors are \`{"error":{"code","message"}}\` with a closed list of codes.
What one may not see is 404, what one may see but not do is 403.
Calls take the session cookie (changes only from the program's own origin) or a bearer token.
Live editing goes through the websocket \`/sync/{board}\`.`;

/** The HTTP interface in the form of OpenAPI 3.1. @param origin public address of this server */
export function describeApi(origin: string) {
	return {
		openapi: '3.1.0',
		info: { title: 'Tongchou 统筹', version: '1', description: DESCRIPTION },
		servers: [{ url: origin }],
		security: [{ session: [] }, { bearer: [] }],
		paths: { ...BOARD_PATHS, ...PROOF_PATHS, ...ACCOUNT_PATHS, ...PROGRAM_PATHS },
		components: {
			schemas: SCHEMAS,
			securitySchemes: {
				session: {
					type: 'apiKey',
					in: 'cookie',
					name: `${origin.startsWith('https:') ? '__Secure-' : ''}better-auth.session_token`
				},
				bearer: { type: 'http', scheme: 'bearer', description: 'made by `npx tongchou token create`' }
			}
		}
	};
}
