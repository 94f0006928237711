import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditRecord } from '#server/audit/audit.service.ts';
import { SYSTEM, type Who } from '#server/audit/who.ts';
import type { Source } from '#server/auth/sign-in.service.ts';
import type { Authority } from '#server/boards/board.service.ts';
import { openServices } from '../history/services.ts';

const PASSWORD = 'long-enough-password';
const ADDRESS = '10.1.2.3';
const NAME = '李梅';
const EMAIL = 'mei@example.cn';

const opened = await openServices();
const { services } = opened;
const { db } = opened.connection;
const { audit, authService, boards, organisations, ownerLinks, people, signIns, versions } = services;
afterAll(() => db.destroy());

const BY: Authority = { who: { userId: 'owner-1', sessionId: 's-1', address: ADDRESS }, role: 'owner' };
const { who } = BY;
const source: Source = { address: ADDRESS, headers: new Headers() };

const account = (email: string) => ({
	email,
	name: NAME,
	organisationId: 'org-km-fagaiwei',
	role: 'planner' as const,
	password: PASSWORD
});
const actorOf = async (email: string) => {
	const outcome = await signIns.signIn({ email, password: PASSWORD }, source);
	if (outcome.kind !== 'signed-in') throw new Error(outcome.kind);
	const cookie = outcome.cookies.map((one) => one.split(';')[0]).join('; ');
	return { actor: (await authService.authenticate(new Headers({ cookie })))!, cookie };
};

/** The records that came while something was done, oldest first; it may be refused. */
async function recordsOf(act: () => Promise<unknown>): Promise<AuditRecord[]> {
	const before = await audit.list({ limit: 1_000 });
	await act().catch((error: unknown) => {
		if ((error as Error).name !== 'Refusal') throw error;
	});
	const after = await audit.list({ limit: 1_000 });
	return after.slice(0, after.length - before.length).reverse();
}

let mei = '';
beforeAll(async () => {
	mei = (await people.add(account(EMAIL), SYSTEM)).id;
	await boards.create({ id: 'b1', title: '滇中', template: 'stages' }, SYSTEM);
});

type Act = [name: string, act: () => Promise<unknown>, expected: Partial<AuditRecord>];
const ACTS: Act[] = [
	[
		'a person is added',
		() => people.add(account('bo@example.cn'), who),
		{ action: 'person-add', object: expect.stringMatching(/^user=\S+ org=org-km-fagaiwei role=planner$/) }
	],
	[
		'a person’s role in the program changes',
		() => people.change('bo@example.cn', { role: 'auditor' }, who),
		{ action: 'person-change', object: expect.stringContaining('role=auditor was=planner') }
	],
	[
		'a password is set',
		() => people.setPassword('bo@example.cn', `${PASSWORD}-2`, who),
		{ action: 'password-change' }
	],
	['a person is shut out', () => people.disable('bo@example.cn', who), { action: 'person-disable' }],
	['a person is forgotten', () => people.erase('bo@example.cn', who), { action: 'person-erase' }],
	[
		'an organisation is added',
		() => organisations.add({ id: 'org-x', name: '某局', nameEn: 'X', kind: 'bureau', place: null }, who),
		{ action: 'organisation-add', object: 'org=org-x' }
	],
	[
		'a board is made',
		() => boards.create({ id: 'b2', title: '第二块', template: 'stages' }, who),
		{ action: 'board-create', object: 'board=b2' }
	],
	[
		'a board is imported',
		() => boards.create({ id: 'b3', title: '第三块', template: 'stages' }, who, { projects: [] }),
		{ action: 'board-import', object: 'board=b3' }
	],
	['a board is exported', () => boards.export('b2', who), { action: 'board-export', object: 'board=b2' }],
	['a board is put away', () => boards.archive('b3', who), { action: 'board-archive', object: 'board=b3' }],
	['a board is compacted', () => boards.compact('b2', who), { action: 'board-compact', object: 'board=b2' }],
	['a board begins a new epoch', () => boards.beginEpoch('b2', who), { action: 'board-epoch' }],
	[
		'somebody becomes a member',
		() => boards.addMember('b2', { email: EMAIL, role: 'viewer' }, BY),
		{ action: 'member-put', object: expect.stringMatching(/^board=b2 user=\S+ role=viewer$/) }
	],
	[
		'a member’s role changes',
		() => boards.addMember('b2', { email: EMAIL, role: 'planner' }, BY),
		{ action: 'member-put', object: expect.stringContaining('role=planner was=viewer') }
	],
	[
		'a right is missing',
		() => authService.demand({ ...who, userId: mei }, 'b2', 'members:manage'),
		{ action: 'rights-check', result: 'forbidden', object: 'board=b2 wanted=members:manage' }
	],
	[
		'a board may not be seen',
		() => authService.demand({ ...who, userId: mei }, 'b1', 'board:read'),
		{ action: 'rights-check', result: 'not-found', object: 'board=b1 wanted=board:read' }
	],
	[
		'more is given than one has',
		() =>
			boards.addMember(
				'b2',
				{ email: EMAIL, role: 'owner' },
				{ who: { ...who, userId: mei }, role: 'coordinator' }
			),
		{ action: 'rights-check', result: 'forbidden' }
	],
	[
		'somebody is no owner of the program',
		() => authService.demandProgramRole({ ...who, userId: mei }, ['owner'], 'board:create'),
		{ action: 'rights-check', result: 'forbidden', object: 'wanted=board:create' }
	],
	[
		'a moment of a board is named',
		() => versions.add('b1', { name: '第三季度调度会' }, BY),
		{ action: 'version-name', object: expect.stringMatching(/^board=b1 version=v-\S+ seq=\d+$/) }
	],
	['a member leaves', () => boards.removeMember('b2', mei, BY), { action: 'member-remove' }],
	[
		'somebody signs in',
		() => signIns.signIn({ email: EMAIL, password: PASSWORD }, source),
		{ action: 'sign-in', result: 'ok', address: ADDRESS }
	],
	[
		'a password is wrong',
		() => signIns.signIn({ email: EMAIL, password: 'not-the-password' }, source),
		{ action: 'sign-in', result: 'refused', userId: null, object: expect.stringMatching(/^user=/) }
	],
	[
		'nobody has the address',
		() => signIns.signIn({ email: 'nobody@example.cn', password: PASSWORD }, source),
		{ action: 'sign-in', result: 'refused', object: expect.stringMatching(/^account=[0-9a-f]{32}$/) }
	],
	[
		'a token is made',
		async () => authService.createToken(await people.getByEmail(EMAIL), who),
		{ action: 'token-make', object: expect.stringMatching(/^user=\S+ token=\S+$/) }
	],
	[
		'a token is ended',
		async () => authService.revokeToken((await authService.tokens())[0]!.id, who),
		{ action: 'token-revoke' }
	]
];

describe('exactly one record when', () => {
	test.each(ACTS)('%s', async (_, act, expected) => {
		const records = await recordsOf(act);
		expect(records).toHaveLength(1);
		expect(records[0]).toMatchObject({ result: 'ok', ...expected });
		expect(records[0]!.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
	});

	test('somebody signs out', async () => {
		const { actor, cookie } = await actorOf(EMAIL);
		const records = await recordsOf(() =>
			signIns.signOut(actor, { ...source, headers: new Headers({ cookie }) })
		);
		expect(records).toMatchObject([{ action: 'sign-out', userId: mei, sessionId: actor.sessionId }]);
	});

	test('somebody changes their password, or does not know the old one', async () => {
		const { actor } = await actorOf(EMAIL);
		const change = (currentPassword: string) => () =>
			signIns.changePassword(actor, { currentPassword, newPassword: PASSWORD }, source);
		expect(await recordsOf(change('not-the-password'))).toMatchObject([
			{ action: 'password-change', result: 'refused', userId: mei }
		]);
		expect(await recordsOf(change(PASSWORD))).toMatchObject([{ action: 'password-change', result: 'ok' }]);
	});

	test('the owner comes by the link of the first start', async () => {
		await ownerLinks.create();
		const records = await recordsOf(() => ownerLinks.accept('wrong', account('x@example.cn'), ADDRESS));
		expect(records).toEqual([]);
	});
});

test('records hold ids and digests: no names, addresses, passwords or tokens', async () => {
	const told = JSON.stringify(await audit.list({ limit: 1_000 }));
	for (const secret of [NAME, '@example.cn', PASSWORD, 'tc_', 'not-the-password'])
		expect(told).not.toContain(secret);
});

test('records are never changed or deleted', async () => {
	await expect(db.deleteFrom('audit').execute()).rejects.toThrow(/append-only/);
	await expect(db.updateTable('audit').set({ result: 'ok' }).execute()).rejects.toThrow(/append-only/);
});

test('they are read newest first, a page at a time', async () => {
	const all = await audit.list({ limit: 1_000 });
	const first = await audit.list({ limit: 5 });
	const second = await audit.list({ limit: 5, before: first.at(-1)!.id });
	expect([...first, ...second]).toEqual(all.slice(0, 10));
	expect(await audit.list({ limit: 1_000, action: 'sign-out' })).toEqual(
		all.filter(({ action }) => action === 'sign-out')
	);
});

describe('what cannot be recorded does not happen', () => {
	beforeAll(async () => {
		await sql`create trigger audit_full before insert on audit begin select raise(abort, 'disk full'); end`.execute(
			db
		);
	});
	afterAll(async () => {
		await sql`drop trigger audit_full`.execute(db);
	});

	/** All that the acts could change. */
	const state = async () => ({
		users: await db.selectFrom('user').selectAll().execute(),
		people: await db.selectFrom('person').selectAll().execute(),
		accounts: await db.selectFrom('account').selectAll().execute(),
		sessions: await db.selectFrom('session').selectAll().execute(),
		memberships: await db.selectFrom('membership').selectAll().execute(),
		organisations: await db.selectFrom('organisation').selectAll().execute(),
		boards: await db.selectFrom('board').selectAll().execute(),
		versions: await db.selectFrom('named_version').selectAll().execute(),
		journal: await db.selectFrom('journal').select(['board_id', 'seq']).execute(),
		tokens: await db.selectFrom('access_token').selectAll().execute()
	});
	const someone: Who = who;
	test.each<[string, () => Promise<unknown>]>([
		['a new person', () => people.add(account('lan@example.cn'), someone)],
		['a changed person', () => people.change(EMAIL, { role: 'owner' }, someone)],
		['a new password', () => people.setPassword(EMAIL, 'another-long-password', someone)],
		['a shut account', () => people.disable(EMAIL, someone)],
		['a forgotten person', () => people.erase(EMAIL, someone)],
		['a new board', () => boards.create({ id: 'b9', title: '九', template: 'stages' }, someone)],
		['an archived board', () => boards.archive('b1', someone)],
		['an exported board', () => boards.export('b1', someone)],
		['a new epoch', () => boards.beginEpoch('b1', someone)],
		['a named moment', () => versions.add('b1', { name: '第四季度' }, BY)],
		['a new member', () => boards.addMember('b1', { email: EMAIL, role: 'viewer' }, BY)],
		['a new token', async () => authService.createToken(await people.getByEmail(EMAIL), someone)],
		['a sign-in', () => signIns.signIn({ email: EMAIL, password: PASSWORD }, source)]
	])('%s', async (_, act) => {
		const before = await state();
		await expect(act()).rejects.toThrow(/disk full/);
		expect(await state()).toEqual(before);
	});
});
