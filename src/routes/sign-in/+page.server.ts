import { fail, redirect } from '@sveltejs/kit';
import { appContext } from '#server/app-context.ts';
import { DEMO_PASSWORD } from '#server/demo/demo.service.ts';
import { ownAddress } from '../own-address.ts';
import { passCookies, sourceOf } from '../session-cookies.server.ts';
import type { Actions, PageServerLoad } from './$types';

async function namesOfOrganisations(): Promise<Map<string, { name: string; nameEn: string }>> {
	const organisations = await appContext().organisations.list();
	return new Map(organisations.map(({ id, name, nameEn }) => [id, { name, nameEn }]));
}

export const load: PageServerLoad = async ({ locals, url }) => {
	if (locals.user) redirect(303, ownAddress(url.searchParams.get('to')));
	const { demoAccounts } = appContext();
	if (demoAccounts.length === 0) return { demo: null };
	const names = await namesOfOrganisations();
	const accounts = demoAccounts.map(({ email, name, role, organisationId }) => ({
		email,
		name,
		role,
		org: names.get(organisationId)?.name ?? '',
		orgEn: names.get(organisationId)?.nameEn ?? ''
	}));
	return { demo: { password: DEMO_PASSWORD, accounts } };
};

export const actions: Actions = {
	default: async (event) => {
		const form = await event.request.formData();
		const email = String(form.get('email') ?? '').trim();
		const password = String(form.get('password') ?? '');
		if (email === '' || password === '') return fail(400, { email, problem: 'incomplete' as const });
		const outcome = await appContext().signIns.signIn({ email, password }, sourceOf(event));
		if (outcome.kind === 'too-fast') return fail(429, { email, problem: 'too-many' as const });
		if (outcome.kind === 'wrong') return fail(401, { email, problem: 'wrong' as const });
		passCookies(event, outcome.cookies);
		redirect(303, ownAddress(event.url.searchParams.get('to')));
	}
};
