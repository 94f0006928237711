import { redirect } from '@sveltejs/kit';
import { cookieName as LOCALE_COOKIE, locales } from '#lib/paraglide/runtime.js';
import { appContext } from '#server/app-context.ts';
import { ownAddress } from '../own-address.ts';
import type { RequestHandler } from './$types';

const YEAR_S = 31_536_000;
const THEMES = ['light', 'dark'] as const;

/** Keeps a person's language or theme in the browser, and goes back to the page they chose it on. */
export const POST: RequestHandler = async ({ request, cookies }) => {
	const form = await request.formData();
	const options = {
		path: '/',
		maxAge: YEAR_S,
		// the words are read by the script of the page too; no secret stands in them
		httpOnly: false,
		sameSite: 'lax',
		secure: appContext().config.origin.startsWith('https:')
	} as const;
	const locale = locales.find((known) => known === form.get('locale'));
	if (locale) cookies.set(LOCALE_COOKIE, locale, options);
	const theme = THEMES.find((known) => known === form.get('theme'));
	if (theme) cookies.set('theme', theme, options);
	else if (form.get('theme') === 'system') cookies.delete('theme', options);
	redirect(303, ownAddress(form.get('to')));
};
