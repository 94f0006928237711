import { ROLES, type Role } from '#domain/roles.ts';
import { m } from '#lib/paraglide/messages.js';

const MEANINGS: Record<Role, () => string> = {
	owner: m.account_role_owner,
	coordinator: m.account_role_coordinator,
	planner: m.account_role_planner,
	commenter: m.account_role_commenter,
	viewer: m.account_role_viewer,
	auditor: m.account_role_auditor
};

/** What a role may do on a board, in a few words. */
export const roleMeaning = (role: Role): string => MEANINGS[role]();

/** The roles somebody may give and take: only an owner makes or unmakes owners. */
export function rolesInHand(role: Role): readonly Role[] {
	return ROLES.filter((given) => given !== 'owner' || role === 'owner');
}
