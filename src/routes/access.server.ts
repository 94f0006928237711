import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import { type Action, can, type Role } from '#domain/roles.ts';
import { appContext } from '#server/app-context.ts';
import type { Actor } from '#server/auth/actor.ts';

type Event = Pick<RequestEvent, 'locals' | 'url'>;
type User = NonNullable<App.Locals['user']>;

/** The person on a page; who is signed out goes to the sign-in page and comes back. */
export function signedIn({ locals, url }: Event): { actor: Actor; user: User } {
	const { actor, user } = locals;
	if (actor && user) return { actor, user };
	redirect(303, `/sign-in?to=${encodeURIComponent(url.pathname + url.search)}`);
}

/** The person on a board's page and their role there; for who may not see it, it is not there. */
export async function onBoard(
	event: Event,
	boardId: string,
	action: Action = 'board:read'
): Promise<{ actor: Actor; user: User; role: Role }> {
	const { actor, user } = signedIn(event);
	const role = await appContext().authService.roleOn(actor, boardId);
	if (!role || !can(role, 'board:read')) error(404, 'not-found');
	if (!can(role, action)) error(403, 'forbidden');
	return { actor, user, role };
}
