import { appContext } from '#server/app-context.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => ({
	user: locals.user,
	theme: locals.theme,
	isDemo: appContext().demoAccounts.length > 0
});
