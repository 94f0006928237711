import { error, fail, redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { problemOf } from '../../account-problem.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, setHeaders }) => {
	const { authService, organisations } = appContext();
	if (!(await authService.isInvitationOpen(params.token))) error(404, 'not-found');
	setHeaders({ 'cache-control': 'no-store' });
	const list = await organisations.list();
	return { organisations: list.map(({ id, name, nameEn, place }) => ({ id, name, nameEn, place })) };
};

export const actions: Actions = {
	default: async ({ params, request }) => {
		const form = await request.formData();
		const text = (key: string) => String(form.get(key) ?? '').trim();
		const given = { name: text('name'), email: text('email'), organisation: text('organisation') };
		const { authService, people } = appContext();
		try {
			await authService.acceptInvitation(params.token, people, {
				name: given.name,
				email: given.email,
				organisationId: given.organisation || null,
				password: String(form.get('password') ?? '')
			});
		} catch (cause) {
			if (!isRefusal(cause)) throw cause;
			if (cause.code === 'not-found') error(404, 'not-found');
			return fail(400, { ...given, problem: problemOf(cause) });
		}
		redirect(303, `/sign-in?email=${encodeURIComponent(given.email)}`);
	}
};
