import { randomBytes } from 'node:crypto';
import { ROLES } from '#domain/roles.ts';
import { type Command, oneOf, tableOf, UsageError } from './command.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
/** Enough that nobody guesses it, short enough to be read out once. */
const PASSWORD_BYTES = 12;

const addUser: Command = {
	name: 'user add',
	usage: '--email E --name N --org ORG --role ROLE [--password-stdin]',
	summary: 'make an account; without --password-stdin a password is made up and printed once',
	options: { email: text, name: text, org: text, role: text, 'password-stdin': flag },
	required: ['email', 'name', 'org', 'role'],
	async run({ services, options, readStandardInput }) {
		const role = oneOf(ROLES, 'role', options.role);
		const given = options['password-stdin'] ? (await readStandardInput()).replace(/\r?\n$/, '') : undefined;
		const password = given ?? randomBytes(PASSWORD_BYTES).toString('base64url');
		const person = await services.people.add({
			email: options.email ?? '',
			name: options.name ?? '',
			organisationId: options.org ?? null,
			role,
			password
		});
		return {
			lines: [`added ${person.email}`, ...(given === undefined ? [`password: ${password}`] : [])],
			json: { ...person, ...(given === undefined && { password }) }
		};
	}
};

const listUsers: Command = {
	name: 'user list',
	usage: '',
	summary: 'all accounts',
	async run({ services }) {
		const people = await services.people.list();
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

const disableUser: Command = {
	name: 'user disable',
	usage: '--email E',
	summary: 'shut an account: its sessions and tokens end at once',
	options: { email: text },
	async run({ services, options, arguments: [address] }) {
		const email = options.email ?? address;
		if (email === undefined) throw new UsageError('--email is missing');
		const person = await services.people.disable(email);
		return { lines: [`disabled ${person.email}`], json: person };
	},
	arguments: 1
};

const addOrganisation: Command = {
	name: 'org add',
	usage: '--id ID --name N [--name-en N] [--kind K] [--place ADCODE]',
	summary: 'add an organisation people can belong to',
	options: { id: text, name: text, 'name-en': text, kind: text, place: text },
	required: ['id', 'name'],
	async run({ services, options }) {
		const organisation = await services.organisations.add({
			id: options.id ?? '',
			name: options.name ?? '',
			nameEn: options['name-en'] ?? options.name ?? '',
			kind: options.kind ?? 'organisation',
			place: options.place ?? null
		});
		return { lines: [`added ${organisation.id}`], json: organisation };
	}
};

const listOrganisations: Command = {
	name: 'org list',
	usage: '',
	summary: 'all organisations',
	async run({ services }) {
		const organisations = await services.organisations.list();
		return {
			lines: tableOf(organisations.map(({ id, name, nameEn }) => [id, name, nameEn])),
			json: organisations
		};
	}
};

const createToken: Command = {
	name: 'token create',
	usage: '--email E',
	summary: 'a bearer token for programs, shown this once',
	options: { email: text },
	required: ['email'],
	async run({ services, options }) {
		const person = await services.people.getByEmail(options.email ?? '');
		const token = await services.authService.createToken(person.id);
		return { lines: [token], json: { token } };
	}
};

/** Accounts, organisations and tokens. */
export const peopleCommands: readonly Command[] = [
	addUser,
	listUsers,
	disableUser,
	addOrganisation,
	listOrganisations,
	createToken
];
