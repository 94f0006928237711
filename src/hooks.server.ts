import { error, type Handle, type HandleServerError } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { paraglideMiddleware } from '#lib/paraglide/server.js';
import { appContext } from '#server/app-context.ts';

const THEMES = ['light', 'dark'] as const;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Language and theme of the answer, by the person's own choice. */
const inTheirLanguage: Handle = ({ event, resolve }) =>
	paraglideMiddleware(event.request, ({ request, locale }) => {
		event.request = request;
		event.locals.locale = locale;
		event.locals.theme = THEMES.find((theme) => theme === event.cookies.get('theme')) ?? null;
		const theme = event.locals.theme ? ` data-theme="${event.locals.theme}"` : '';
		return resolve(event, {
			transformPageChunk: ({ html }) => html.replace('%lang%', locale).replace('%theme%', theme)
		});
	});

/** Who is asking. Without this nothing below knows anybody. */
const knowThem: Handle = async ({ event, resolve }) => {
	const { authService, people } = appContext();
	const actor = await authService.authenticate(event.request.headers);
	event.locals.actor = actor;
	event.locals.user = null;
	if (actor) {
		const profile = (await people.profiles(new Set([actor.userId]))).get(actor.userId);
		const person = await people.find(actor.userId);
		if (profile && person) event.locals.user = { ...profile, role: person.role };
	}
	return resolve(event);
};

/** A cookie is sent with requests from any page, so a change by cookie must come from this origin's own pages. */
const fromHere: Handle = ({ event, resolve }) => {
	const isOurApi = event.url.pathname.startsWith('/api/') && !event.url.pathname.startsWith('/api/auth/');
	const byCookie = event.locals.actor?.via === 'cookie';
	const isForeign = event.request.headers.get('origin') !== appContext().config.origin;
	if (isOurApi && byCookie && isForeign && !SAFE_METHODS.has(event.request.method))
		error(403, 'foreign origin');
	return resolve(event);
};

export const handle: Handle = sequence(inTheirLanguage, knowThem, fromHere);

export const handleError: HandleServerError = ({ error: cause, event, status, message }) => {
	if (status >= 500) appContext().log.error({ err: cause, path: event.url.pathname }, 'a page failed');
	return { message };
};
