import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import type { Action, Role } from '#domain/roles.ts';
import { appContext } from '#server/app-context.ts';
import type { Who } from '#server/audit/who.ts';
import type { Actor } from '#server/auth/actor.ts';

type Event = Pick<RequestEvent, 'locals' | 'url'>;
type User = NonNullable<App.Locals['user']>;
/** Somebody on a page, and what the audit calls them. */
type Visitor = { actor: Actor; user: User; who: Who };

/** The person on a page; who is signed out goes to the sign-in page and comes back. */
export function signedIn({ locals, url }: Event): Visitor {
	const { actor, user, who } = locals;
	if (actor && user) return { actor, user, who };
	redirect(303, `/sign-in?to=${encodeURIComponent(url.pathname + url.search)}`);
}

/** The person on a board's page and their role there; for who may not see it, it is not there. */
export async function onBoard(
	event: Event,
	boardId: string,
	action: Action = 'board:read'
): Promise<Visitor & { role: Role }> {
	const visitor = signedIn(event);
	try {
		return { ...visitor, role: await appContext().authService.demand(visitor.who, boardId, action) };
	} catch (cause) {
		if (!isRefusal(cause)) throw cause;
		error(cause.code === 'forbidden' ? 403 : 404, cause.code);
	}
}
