import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { parseSetCookieHeader } from 'better-auth/cookies';
import { appContext } from '#server/app-context.ts';
import { DEMO_PASSWORD } from '#server/demo/demo.service.ts';
import { ownAddress } from '../own-address.ts';
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

/** Signs in through better-auth's own endpoint, so that its limits on attempts hold here too. */
async function askBetterAuth(event: RequestEvent, credentials: object): Promise<Response> {
	const { auth, config } = appContext();
	const headers = new Headers({ 'content-type': 'application/json', origin: config.origin });
	for (const name of ['x-peer-address', 'x-forwarded-for', 'user-agent']) {
		const value = event.request.headers.get(name);
		if (value !== null) headers.set(name, value);
	}
	const address = `${config.origin}/api/auth/sign-in/email`;
	return auth.handler(new Request(address, { method: 'POST', headers, body: JSON.stringify(credentials) }));
}

function passCookiesOn(event: RequestEvent, response: Response): void {
	for (const header of response.headers.getSetCookie()) {
		for (const [name, cookie] of parseSetCookieHeader(header)) {
			event.cookies.set(name, cookie.value, {
				path: cookie.path ?? '/',
				httpOnly: true,
				sameSite: 'lax',
				secure: appContext().config.origin.startsWith('https:'),
				encode: encodeURIComponent,
				...(cookie['max-age'] !== undefined && { maxAge: cookie['max-age'] })
			});
		}
	}
}

export const actions: Actions = {
	default: async (event) => {
		const form = await event.request.formData();
		const email = String(form.get('email') ?? '').trim();
		const password = String(form.get('password') ?? '');
		if (email === '' || password === '') return fail(400, { email, problem: 'incomplete' as const });
		const { people } = appContext();
		const person = await people.getByEmail(email).catch(() => undefined);
		const response = await askBetterAuth(event, { email, password });
		if (response.status === 429) return fail(429, { email, problem: 'too-many' as const });
		if (!response.ok || person?.isDisabled) return fail(401, { email, problem: 'wrong' as const });
		passCookiesOn(event, response);
		redirect(303, ownAddress(event.url.searchParams.get('to')));
	}
};
