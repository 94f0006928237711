import { fail } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { can, isRole } from '#domain/roles.ts';
import { appContext } from '#server/app-context.ts';
import { onBoard } from '../../../access.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { board } = event.params;
	const { role, user } = await onBoard(event, board, 'members:read');
	const { boards, organisations } = appContext();
	const mayManage = can(role, 'members:manage');
	const list = await organisations.list();
	return {
		boardId: board,
		title: (await boards.get(board)).title,
		role,
		me: user.id,
		mayManage,
		mayAddPeople: user.role === 'owner',
		members: await boards.members(board),
		organisations: mayManage ? list.map(({ id, name, nameEn }) => ({ id, name, nameEn })) : []
	};
};

/** Runs an action; a refusal comes back beside the form it belongs to. */
async function attempt(form: 'add' | 'invite' | 'remove', act: () => Promise<unknown>) {
	try {
		await act();
		return { form, done: true as const };
	} catch (cause) {
		if (!isRefusal(cause)) throw cause;
		return fail(cause.code === 'forbidden' ? 403 : 400, { form, code: cause.code, problem: cause.message });
	}
}

export const actions: Actions = {
	/** Puts somebody who has an account on the board, or changes their role. */
	add: async (event) => {
		const { role } = await onBoard(event, event.params.board, 'members:manage');
		const form = await event.request.formData();
		const given = form.get('role');
		if (!isRole(given)) return fail(400, { form: 'add' as const, code: 'bad-request', problem: 'role' });
		const email = String(form.get('email') ?? '');
		return attempt('add', () =>
			appContext().boards.addMember(event.params.board, { email, role: given }, role)
		);
	},
	/** Makes an account and puts the person on the board. */
	invite: async (event) => {
		const { role, user } = await onBoard(event, event.params.board, 'members:manage');
		if (user.role !== 'owner')
			return fail(403, { form: 'invite' as const, code: 'forbidden', problem: 'owner' });
		const form = await event.request.formData();
		const text = (key: string) => String(form.get(key) ?? '').trim();
		const given = form.get('role');
		if (!isRole(given)) return fail(400, { form: 'invite' as const, code: 'bad-request', problem: 'role' });
		const { people, boards } = appContext();
		return attempt('invite', async () => {
			await people.add({
				email: text('email'),
				name: text('name'),
				organisationId: text('organisation') || null,
				role: given,
				password: String(form.get('password') ?? '')
			});
			await boards.addMember(event.params.board, { email: text('email'), role: given }, role);
		});
	},
	remove: async (event) => {
		const { role } = await onBoard(event, event.params.board, 'members:manage');
		const form = await event.request.formData();
		const userId = String(form.get('user') ?? '');
		return attempt('remove', () => appContext().boards.removeMember(event.params.board, userId, role));
	}
};
