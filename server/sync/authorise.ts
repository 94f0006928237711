import { Refusal } from '#domain/refusal.ts';
import { can, type Role } from '#domain/roles.ts';
import type { TouchedPath } from '#doc/inspection/inspect.ts';

/**
 * Lets an update pass only if the role allows every place it touches, and the board is not put away.
 * @throws {Refusal} `forbidden` with the first place that is not allowed
 */
export function authorise(
	role: Role,
	touched: readonly TouchedPath[],
	{ isArchived }: { isArchived: boolean }
): void {
	if (isArchived) throw new Refusal('forbidden', 'the board is archived', { path: touched[0] ?? [] });
	if (!can(role, 'board:edit'))
		throw new Refusal('forbidden', `a ${role} does not edit`, { path: touched[0] ?? [] });
	const layout = touched.find(([root]) => root === 'stages' || root === 'meta');
	if (layout && !can(role, 'stages:edit'))
		throw new Refusal('forbidden', `a ${role} does not change the layout`, { path: layout });
}
