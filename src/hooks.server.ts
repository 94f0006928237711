import {
	type Handle,
	type HandleServerError,
	isHttpError,
	isRedirect,
	type RequestEvent
} from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { Refusal } from '#domain/refusal.ts';
import { paraglideMiddleware } from '#lib/paraglide/server.js';
import { appContext } from '#server/app-context.ts';
import { codeOfStatus, errorResponse, errorResponseOf } from './routes/api/respond.server.ts';
import { passCookies } from './routes/session-cookies.server.ts';

const THEMES = ['light', 'dark'] as const;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What a page of another site can have a browser send without asking first. */
const FORM_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

const isApi = (pathname: string) => pathname === '/api' || pathname.startsWith('/api/');

/** Whatever goes wrong under `/api` is told as the API tells it, also where no endpoint was reached. */
const inJson: Handle = async ({ event, resolve }) => {
	if (!isApi(event.url.pathname)) return resolve(event);
	try {
		const response = await resolve(event);
		const isTold = response.headers.get('content-type')?.startsWith('application/json');
		if (response.status < 400 || isTold) return response;
		const allow = response.headers.get('allow');
		const message = response.status === 405 ? `only ${allow ?? 'other methods'} here` : 'no such request';
		return errorResponse(codeOfStatus(response.status), message, response.status, allow ? { allow } : {});
	} catch (cause) {
		if (isRedirect(cause)) throw cause;
		return errorResponseOf(cause);
	}
};

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

/** Changes wait for the record of the token they were made with; reading goes on where nothing can be written. */
async function noteTokenUse({ locals, request, url }: RequestEvent): Promise<void> {
	const { authService, log } = appContext();
	const noted = authService.noteTokenUse(locals.who, { request: `${request.method} ${url.pathname}` });
	if (!SAFE_METHODS.has(request.method)) return noted;
	noted.catch((error: unknown) => log.error({ err: error }, 'the use of a token was not recorded'));
}

/** Who is asking. Without this nothing below knows anybody. */
const knowThem: Handle = async ({ event, resolve }) => {
	const { authService, people } = appContext();
	const { locals, request } = event;
	const known = await authService.recognise(request.headers);
	const actor = known?.actor ?? null;
	locals.actor = actor;
	locals.who = {
		userId: actor?.userId ?? null,
		sessionId: actor?.sessionId ?? null,
		address: request.headers.get('x-peer-address')
	};
	locals.user = null;
	if (actor) {
		const profile = (await people.profiles(new Set([actor.userId]))).get(actor.userId);
		const person = await people.find(actor.userId);
		if (profile && person) locals.user = { ...profile, role: person.role };
	}
	if (actor?.via === 'token') await noteTokenUse(event);
	passCookies(event, known?.cookies ?? []);
	return resolve(event);
};

/**
 * A cookie is sent with requests from any page, so a change by cookie must come from this origin's own pages, and a
 * form of another site must not sign anybody in. A program without a browser sends no Origin and no cookie.
 */
const fromHere: Handle = async ({ event, resolve }) => {
	const { request, locals, url } = event;
	const { actor, who } = locals;
	if (SAFE_METHODS.has(request.method) || actor?.via === 'token') return resolve(event);
	const origin = request.headers.get('origin');
	const isForm = FORM_TYPES.test(request.headers.get('content-type') ?? '') && !isApi(url.pathname);
	const mustSay = actor !== null || isForm;
	if (origin === appContext().config.origin || (origin === null && !mustSay)) return resolve(event);
	if (actor)
		await appContext().audit.record({
			who,
			action: 'rights-check',
			object: { request: `${request.method} ${url.pathname}`, wanted: 'own-origin' },
			result: 'forbidden'
		});
	return errorResponseOf(new Refusal('forbidden', 'this request did not come from a page of this server'));
};

export const handle: Handle = sequence(inJson, inTheirLanguage, knowThem, fromHere);

export const handleError: HandleServerError = ({ error: cause, event, status, message }) => {
	if (status >= 500 && !isHttpError(cause))
		appContext().log.error({ err: cause, path: event.url.pathname }, 'a page failed');
	return { message };
};
