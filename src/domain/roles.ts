export const ROLES = ['owner', 'coordinator', 'planner', 'commenter', 'viewer', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export type Action =
	| 'board:read'
	| 'board:edit'
	| 'stages:edit'
	| 'board:restore'
	| 'history:read'
	| 'versions:name'
	| 'versions:manage'
	| 'members:read'
	| 'members:manage'
	| 'board:archive'
	| 'roots:read';

const ALLOWED: Record<Role, readonly Action[]> = {
	owner: [
		'board:read',
		'board:edit',
		'stages:edit',
		'board:restore',
		'history:read',
		'versions:name',
		'versions:manage',
		'members:read',
		'members:manage',
		'board:archive',
		'roots:read'
	],
	coordinator: [
		'board:read',
		'board:edit',
		'stages:edit',
		'board:restore',
		'history:read',
		'versions:name',
		'versions:manage',
		'members:read',
		'members:manage'
	],
	planner: ['board:read', 'board:edit', 'history:read', 'versions:name', 'members:read'],
	commenter: ['board:read', 'history:read', 'members:read'],
	viewer: ['board:read', 'history:read', 'members:read'],
	auditor: ['board:read', 'history:read', 'members:read', 'roots:read']
};

/** Tells whether a role on a board allows an action: the one place that decides. */
export function can(role: Role, action: Action): boolean {
	return ALLOWED[role].includes(action);
}

/** What a role comes to on a board: one that was put away is only read, by whomever. */
export function roleWhenArchived(role: Role, isArchived: boolean): Role {
	return isArchived && can(role, 'board:edit') ? 'viewer' : role;
}

/** Tells whether `value` is one of the closed list of roles. */
export function isRole(value: unknown): value is Role {
	return ROLES.includes(value as Role);
}
