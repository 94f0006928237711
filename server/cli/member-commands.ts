import { ROLES } from '#domain/roles.ts';
import { OPERATOR } from '#server/audit/who.ts';
import type { Authority } from '#server/boards/board.service.ts';
import { type Command, oneOf, optionOrArgument, tableOf, text } from './command.ts';

/** Whoever may run commands on the machine owns every board on it. */
const BY_OPERATOR: Authority = { who: OPERATOR, role: 'owner' };

const addMember: Command = {
	name: 'member add',
	usage: '--board B --email E --role R',
	summary: 'give a person a role on a board, instead of the one they had',
	options: { board: text, email: text, role: text },
	required: ['board', 'email', 'role'],
	async run({ open, options }) {
		const { board = '', email = '' } = options;
		const role = oneOf(ROLES, 'role', options.role);
		const member = await (await open()).boards.addMember(board, { email, role }, BY_OPERATOR);
		return { lines: [`${member.email} is ${member.role} on ${board}`], json: member };
	}
};

const listMembers: Command = {
	name: 'member list',
	usage: '--board B',
	summary: 'who is on a board, and as what',
	options: { board: text },
	argument: { name: 'board', isRequired: false },
	async run(context) {
		const id = optionOrArgument(context, 'board');
		const { boards } = await context.open();
		await boards.get(id);
		const members = await boards.members(id);
		const rows = members.map(({ email, name, org, role }) => [email, name, org, role]);
		return { lines: tableOf(rows), json: members };
	}
};

const removeMember: Command = {
	name: 'member remove',
	usage: '--board B --email E',
	summary: 'take a person off a board',
	options: { board: text, email: text },
	required: ['board', 'email'],
	async run({ open, options }) {
		const { board = '', email = '' } = options;
		const { boards, people } = await open();
		await boards.get(board);
		const person = await people.getByEmail(email);
		await boards.removeMember(board, person.id, BY_OPERATOR);
		return { lines: [`${person.email} is no longer on ${board}`], json: { board, userId: person.id } };
	}
};

/** Who is on which board. */
export const memberCommands: readonly Command[] = [addMember, listMembers, removeMember];
