import { error, fail, redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { problemOf } from '../../account-problem.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, setHeaders }) => {
	const { ownerLinks, organisations } = appContext();
	if (!(await ownerLinks.isOpen(params.token))) error(404, 'not-found');
	setHeaders({ 'cache-control': 'no-store' });
	const list = await organisations.list();
	return { organisations: list.map(({ id, name, nameEn, place }) => ({ id, name, nameEn, place })) };
};

export const actions: Actions = {
	default: async ({ params, request, locals }) => {
		const form = await request.formData();
		const text = (key: string) => String(form.get(key) ?? '').trim();
		const given = { name: text('name'), email: text('email'), organisation: text('organisation') };
		const owner = {
			name: given.name,
			email: given.email,
			organisationId: given.organisation || null,
			password: String(form.get('password') ?? '')
		};
		try {
			await appContext().ownerLinks.accept(params.token, owner, locals.who.address);
		} catch (cause) {
			if (!isRefusal(cause)) throw cause;
			if (cause.code === 'not-found') error(404, 'not-found');
			return fail(400, { ...given, problem: problemOf(cause) });
		}
		redirect(303, `/sign-in?email=${encodeURIComponent(given.email)}`);
	}
};
