import type { Browser, Page } from '@playwright/test';
import { expect, openPage, origin } from './fixtures.ts';
import { BOARD } from './people.ts';

/** Address of the members of the board. */
export const membersPage = `/boards/${BOARD}/members`;
/** The controls of the sign-in page. */
export const signInForm = (page: Page) => ({
	email: page.getByRole('textbox', { name: '电子邮箱' }),
	password: page.getByLabel('密码'),
	submit: page.getByRole('button', { name: '登录', exact: true })
});

/** Signs in by the form of the page one is on. */
export async function signIn(page: Page, person: { email: string; password: string }): Promise<void> {
	const form = signInForm(page);
	await form.email.fill(person.email);
	await form.password.fill(person.password);
	await form.submit.click();
}

/** The page is the board, with the portfolio's projects on it. */
export async function expectBoard(page: Page): Promise<void> {
	await expect(page).toHaveURL(new RegExp(`/boards/${BOARD}$`));
	await expect(page.locator('[data-project-id=kunyu-tielu-kuoneng]')).toBeVisible();
}

/** A person's row in the list of members. */
export const memberRow = (page: Page, email: string) =>
	page.getByRole('main').getByRole('listitem').filter({ hasText: email });

/** Opens the panel with name, appearance and sign-out. */
export async function openPersonalPanel(page: Page): Promise<void> {
	await page
		.getByRole('banner')
		.getByRole('button', { name: /^我的账号/ })
		.click();
}

/** Checks a page in light and in dark. */
export async function inThemes(page: Page, check: () => Promise<void>): Promise<void> {
	for (const colorScheme of ['light', 'dark'] as const) {
		// without motion, so that no colour is measured on its way to another
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await check();
	}
}

/** A page of a browser in which nobody is signed in. */
export async function strangerAt(browser: Browser, path: string, baseURL = origin()): Promise<Page> {
	const context = await browser.newContext({ baseURL });
	const page = await context.newPage();
	await openPage(page, path);
	return page;
}
