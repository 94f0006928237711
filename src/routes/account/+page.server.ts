import { fail } from '@sveltejs/kit';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { signedIn } from '../access.server.ts';
import { type AccountProblem, problemOf } from '../account-problem.ts';
import { passCookies, sourceOf } from '../session-cookies.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
	signedIn(event);
};

/** The one thing here that is forbidden is the wrong present password. */
function passwordProblem(refusal: Refusal): AccountProblem {
	return refusal.code === 'forbidden' ? { code: 'forbidden', field: 'currentPassword' } : problemOf(refusal);
}

export const actions: Actions = {
	default: async (event) => {
		const { actor } = signedIn(event);
		const form = await event.request.formData();
		const text = (key: string) => String(form.get(key) ?? '');
		const passwords = { currentPassword: text('currentPassword'), newPassword: text('password') };
		try {
			const { cookies } = await appContext().signIns.changePassword(actor, passwords, sourceOf(event));
			passCookies(event, cookies);
			return { done: true as const };
		} catch (cause) {
			if (!isRefusal(cause)) throw cause;
			return fail(400, { problem: passwordProblem(cause) });
		}
	}
};
