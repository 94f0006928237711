import type { IncomingMessage } from 'node:http';
import type { Role } from '#domain/roles.ts';
import { isId } from '#domain/ids.ts';
import { type Actor, whoIs } from '#server/auth/actor.ts';
import { headersOf } from '#server/web/request-headers.ts';
import type { SyncDeps } from './deps.ts';

const PATH = /^\/sync\/([^/?]+)$/;

/** Board id of an upgrade request to the sync server; undefined for any other address. */
export function boardIdOf(request: IncomingMessage): string | undefined {
	const path = (request.url ?? '').split('?')[0] ?? '';
	const named = PATH.exec(path)?.[1];
	if (named === undefined) return path.startsWith('/sync/') || path === '/sync' ? '' : undefined;
	try {
		return decodeURIComponent(named);
	} catch {
		return '';
	}
}

/** What an upgrade request may have: the person and their role, or the HTTP status that refuses it. */
export type Admission = { actor: Actor; role: Role } | { status: 401 | 403 | 404 };

/**
 * Decides on an upgrade request before the socket exists.
 * A browser always sends its Origin, so a foreign one is refused first; a cookie without any is refused as well,
 * because only a browser's own word keeps other pages from using it.
 */
export async function admit(request: IncomingMessage, boardId: string, deps: SyncDeps): Promise<Admission> {
	const { origin } = request.headers;
	if (origin !== undefined && origin !== deps.origin) return { status: 403 };
	const actor = await deps.authenticate(headersOf(request));
	if (!actor) return { status: 401 };
	const isForeign = actor.via === 'cookie' && origin === undefined;
	const role = isId(boardId) && !isForeign ? await deps.roleOn(actor, boardId) : null;
	if (role) return { actor, role };
	const result = isForeign ? 'forbidden' : 'not-found';
	const object = { board: boardId, wanted: isForeign ? 'own-origin' : 'board:read' };
	await deps.audit({ who: whoIs(actor, deps.addressOf(request)), action: 'rights-check', object, result });
	return { status: isForeign ? 403 : 404 };
}
