import { randomBytes } from 'node:crypto';
import { ROLES } from '#domain/roles.ts';
import { OPERATOR } from '#server/audit/who.ts';
import {
	type Command,
	type CommandContext,
	flag,
	oneOf,
	optionOrArgument,
	tableOf,
	text
} from './command.ts';

/** Enough that nobody guesses it, short enough to be read out once. */
const PASSWORD_BYTES = 12;

/** The password from standard input, or one that is made up and shown once. */
async function choosePassword({ options, readStandardInput }: CommandContext) {
	if (options['password-stdin']) {
		const password = (await readStandardInput()).replace(/\r?\n$/, '');
		return { password, lines: [], json: {} };
	}
	const password = randomBytes(PASSWORD_BYTES).toString('base64url');
	return { password, lines: [`password: ${password}`], json: { password } };
}

const addUser: Command = {
	name: 'user add',
	usage: '--email E --name N --org ORG --role ROLE [--password-stdin]',
	summary: 'make an account; without --password-stdin a password is made up and printed once',
	options: { email: text, name: text, org: text, role: text, 'password-stdin': flag },
	required: ['email', 'name', 'org', 'role'],
	async run(context) {
		const { email = '', name = '', org = '', role } = context.options;
		const account = { email, name, organisationId: org, role: oneOf(ROLES, 'role', role) };
		const { password, lines, json } = await choosePassword(context);
		const { people } = await context.open();
		const person = await people.add({ ...account, password }, OPERATOR);
		return { lines: [`added ${person.email}`, ...lines], json: { ...person, ...json } };
	}
};

const listUsers: Command = {
	name: 'user list',
	usage: '',
	summary: 'all accounts',
	async run({ open }) {
		const people = await (await open()).people.list();
		const rows = people.map(({ email, name, organisationId, role, isDisabled }) => [
			email,
			name,
			organisationId ?? '-',
			role,
			isDisabled ? 'disabled' : ''
		]);
		return { lines: tableOf(rows), json: people };
	}
};

const changeUser: Command = {
	name: 'user change',
	usage: '--email E [--new-email E] [--name N] [--org ORG] [--role ROLE]',
	summary: 'put right what is known of a person',
	options: { email: text, 'new-email': text, name: text, org: text, role: text },
	required: ['email'],
	async run({ open, options }) {
		const { email = '', name, org, role } = options;
		const change = {
			...(options['new-email'] !== undefined && { email: options['new-email'] }),
			...(name !== undefined && { name }),
			...(org !== undefined && { organisationId: org }),
			...(role !== undefined && { role: oneOf(ROLES, 'role', role) })
		};
		const person = await (await open()).people.change(email, change, OPERATOR);
		return { lines: [`changed ${person.email}`], json: person };
	}
};

const setPassword: Command = {
	name: 'user password',
	usage: '--email E [--password-stdin]',
	summary: 'give a person a new password; their sessions end at once',
	options: { email: text, 'password-stdin': flag },
	argument: { name: 'email', isRequired: false },
	async run(context) {
		const email = optionOrArgument(context, 'email');
		const { password, lines, json } = await choosePassword(context);
		const { people } = await context.open();
		const person = await people.setPassword(email, password, OPERATOR);
		return { lines: [`new password for ${person.email}`, ...lines], json: { ...person, ...json } };
	}
};

const disableUser: Command = {
	name: 'user disable',
	usage: '--email E',
	summary: 'shut an account: its sessions and tokens end at once',
	options: { email: text },
	argument: { name: 'email', isRequired: false },
	async run(context) {
		const email = optionOrArgument(context, 'email');
		const person = await (await context.open()).people.disable(email, OPERATOR);
		return { lines: [`disabled ${person.email}`], json: person };
	}
};

const showUser: Command = {
	name: 'user show',
	usage: '--email E',
	summary: 'all that is kept of a person beside what they wrote on boards',
	options: { email: text },
	argument: { name: 'email', isRequired: false },
	async run(context) {
		const email = optionOrArgument(context, 'email');
		const person = await (await context.open()).people.describe(email);
		return { lines: [JSON.stringify(person, null, '\t')], json: person };
	}
};

const eraseUser: Command = {
	name: 'user erase',
	usage: '--email E',
	summary: 'forget a person for good: name, address, password, memberships; their id stays in the history',
	options: { email: text },
	argument: { name: 'email', isRequired: false },
	async run(context) {
		const email = optionOrArgument(context, 'email');
		const person = await (await context.open()).people.erase(email, OPERATOR);
		return { lines: [`erased ${person.id}`], json: person };
	}
};

const addOrganisation: Command = {
	name: 'org add',
	usage: '--id ID --name N [--name-en N] [--kind K] [--place ADCODE]',
	summary: 'add an organisation people can belong to',
	options: { id: text, name: text, 'name-en': text, kind: text, place: text },
	required: ['id', 'name'],
	async run({ open, options }) {
		const { id = '', name = '', kind = 'organisation', place = null } = options;
		const given = { id, name, nameEn: options['name-en'] ?? name, kind, place };
		const organisation = await (await open()).organisations.add(given, OPERATOR);
		return { lines: [`added ${organisation.id}`], json: organisation };
	}
};

const listOrganisations: Command = {
	name: 'org list',
	usage: '',
	summary: 'all organisations',
	async run({ open }) {
		const organisations = await (await open()).organisations.list();
		const rows = organisations.map(({ id, name, nameEn }) => [id, name, nameEn]);
		return { lines: tableOf(rows), json: organisations };
	}
};

/** Accounts and organisations. */
export const peopleCommands: readonly Command[] = [
	addUser,
	listUsers,
	changeUser,
	setPassword,
	disableUser,
	showUser,
	eraseUser,
	addOrganisation,
	listOrganisations
];
