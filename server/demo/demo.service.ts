import type { Role } from '#domain/roles.ts';
import { SYSTEM } from '#server/audit/who.ts';
import type { BoardService } from '#server/boards/board.service.ts';
import type { PeopleService } from '#server/people/people.service.ts';

/** The password of all demonstration accounts: a demonstration only listens on the loopback address. */
export const DEMO_PASSWORD = 'tongchou-demo';

export interface DemoAccount {
	email: string;
	name: string;
	organisationId: string;
	role: Role;
}

/** Invented people of the five cities and the province, one for each role. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
	{ email: 'km@demo.example', name: '李梅', organisationId: 'org-km-fagaiwei', role: 'planner' },
	{ email: 'yx@demo.example', name: '王波', organisationId: 'org-yx-fagaiwei', role: 'planner' },
	{ email: 'qj@demo.example', name: '张晓岚', organisationId: 'org-qj-fagaiwei', role: 'planner' },
	{ email: 'cx@demo.example', name: '普文华', organisationId: 'org-cx-fagaiwei', role: 'planner' },
	{ email: 'hh@demo.example', name: '白云', organisationId: 'org-hh-fagaiwei', role: 'planner' },
	{ email: 'province@demo.example', name: '赵兰', organisationId: 'org-sheng-fagaiwei', role: 'coordinator' },
	{ email: 'owner@demo.example', name: '周正', organisationId: 'org-sheng-fagaiwei', role: 'owner' },
	{ email: 'comments@demo.example', name: '孙静', organisationId: 'org-km-zhengfu', role: 'commenter' },
	{ email: 'viewer@demo.example', name: '陈文', organisationId: 'org-sheng-zhengfu', role: 'viewer' },
	{ email: 'audit@demo.example', name: '何立', organisationId: 'org-sheng-zhengfu', role: 'auditor' }
];

/** Adds the demonstration's people to a board; those who are there already stay. */
export async function addDemoPeople(
	boardId: string,
	{ people, boards }: { people: PeopleService; boards: BoardService }
): Promise<void> {
	const known = new Set((await people.list()).map((person) => person.email));
	for (const account of DEMO_ACCOUNTS) {
		if (known.has(account.email)) continue;
		await people.add({ ...account, password: DEMO_PASSWORD }, SYSTEM);
		await boards.addMember(boardId, account, { who: SYSTEM, role: 'owner' });
	}
}
