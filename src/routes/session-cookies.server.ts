import type { RequestEvent } from '@sveltejs/kit';
import { parseSetCookieHeader } from 'better-auth/cookies';
import { appContext } from '#server/app-context.ts';
import type { Source } from '#server/auth/sign-in.service.ts';

/** Where a request comes from, as signing in and out want it. */
export function sourceOf({ request, locals }: Pick<RequestEvent, 'request' | 'locals'>): Source {
	return { address: locals.who.address ?? '', headers: request.headers };
}

/** Sends `Set-Cookie` headers of the sign-in on to the browser. */
export function passCookies({ cookies }: Pick<RequestEvent, 'cookies'>, headers: readonly string[]): void {
	const secure = appContext().config.origin.startsWith('https:');
	for (const header of headers) {
		for (const [name, cookie] of parseSetCookieHeader(header)) {
			cookies.set(name, cookie.value, {
				path: cookie.path ?? '/',
				httpOnly: true,
				sameSite: 'lax',
				secure,
				encode: encodeURIComponent,
				...(cookie['max-age'] !== undefined && { maxAge: cookie['max-age'] })
			});
		}
	}
}
