import { fail, redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { can, isRole, type Role } from '#domain/roles.ts';
import { appContext } from '#server/app-context.ts';
import { onBoard } from '../../../access.server.ts';
import { type AccountProblem, problemOf } from '../../../account-problem.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { board } = event.params;
	const { role, user } = await onBoard(event, board, 'members:read');
	const { boards, organisations } = appContext();
	const mayAddPeople = user.role === 'owner';
	const list = mayAddPeople ? await organisations.list() : [];
	return {
		title: (await boards.get(board)).title,
		role,
		mayManage: can(role, 'members:manage'),
		mayAddPeople,
		members: await boards.members(board),
		organisations: list.map(({ id, name, nameEn, place }) => ({ id, name, nameEn, place }))
	};
};

type Form = 'add' | 'invite' | 'remove';

const refused = (form: Form, problem: AccountProblem) =>
	fail(problem.code === 'forbidden' ? 403 : 400, { form, problem });
const badRole = (form: Form) => refused(form, { code: 'bad-request', field: 'role' });

/** Runs an action; a refusal comes back beside the form it belongs to. */
async function attempt(form: Form, act: () => Promise<unknown>) {
	try {
		await act();
		return { form, done: true as const };
	} catch (cause) {
		if (!isRefusal(cause)) throw cause;
		return refused(form, problemOf(cause));
	}
}

/** An owner of one board is not made an owner of the program by the way: that is for the command line. */
const programRole = (role: Role): Role => (role === 'owner' ? 'coordinator' : role);

export const actions: Actions = {
	/** Puts somebody who has an account on the board, or changes their role. */
	add: async (event) => {
		const { role, who } = await onBoard(event, event.params.board, 'members:manage');
		const form = await event.request.formData();
		const given = form.get('role');
		if (!isRole(given)) return badRole('add');
		const email = String(form.get('email') ?? '');
		return attempt('add', () =>
			appContext().boards.addMember(event.params.board, { email, role: given }, { who, role })
		);
	},
	/** Makes an account and puts the person on the board. */
	invite: async (event) => {
		const { role, user, who } = await onBoard(event, event.params.board, 'members:manage');
		if (user.role !== 'owner') return refused('invite', { code: 'forbidden', field: null });
		const form = await event.request.formData();
		const text = (key: string) => String(form.get(key) ?? '').trim();
		const given = form.get('role');
		if (!isRole(given)) return badRole('invite');
		const { people, boards } = appContext();
		return attempt('invite', async () => {
			const person = {
				email: text('email'),
				name: text('name'),
				organisationId: text('organisation') || null,
				role: programRole(given),
				password: String(form.get('password') ?? '')
			};
			await people.add(person, who);
			await boards.addMember(event.params.board, { email: text('email'), role: given }, { who, role });
		});
	},
	/** Takes somebody off the board; who leaves it themselves goes to the boards they still have. */
	remove: async (event) => {
		const { role, user, who } = await onBoard(event, event.params.board, 'members:manage');
		const form = await event.request.formData();
		const userId = String(form.get('user') ?? '');
		const result = await attempt('remove', () =>
			appContext().boards.removeMember(event.params.board, userId, { who, role })
		);
		if ('done' in result && userId === user.id && user.role !== 'owner') redirect(303, '/boards');
		return result;
	}
};
