import {
	expectBoard,
	inThemes,
	memberRow,
	membersPage,
	openPersonalPanel,
	signIn,
	signInForm,
	strangerAt
} from './account-pages.ts';
import { expectNoGraveFindings } from './axe.ts';
import { expect, openPage, origin, signedIn, test } from './fixtures.ts';
import { BOARD, OUTSIDER, PASSWORD, PEOPLE } from './people.ts';

test('a wrong password is told in words, keeps the address, and tells nothing about accounts', async ({
	browser
}) => {
	const page = await strangerAt(browser, '/sign-in');
	for (const email of [PEOPLE.mei.email, 'nobody@example.cn']) {
		await signIn(page, { email, password: 'not-the-password' });
		await expect(page.getByRole('alert')).toContainText('邮箱或密码不正确');
		await expect(signInForm(page).email).toHaveValue(email);
	}
	await signIn(page, { email: PEOPLE.mei.email, password: '' });
	await expect(page.getByRole('alert')).toContainText('请填写邮箱和密码');
	await signIn(page, { email: PEOPLE.mei.email, password: PASSWORD });
	await expectBoard(page);
	await page.context().close();
});

test('who is signed out goes to the sign-in page, and afterwards where they wanted to go', async ({
	browser
}) => {
	const page = await strangerAt(browser, membersPage);
	await expect(page).toHaveURL(/\/sign-in\?to=/);
	await signIn(page, { email: PEOPLE.wen.email, password: PASSWORD });
	await expect(page).toHaveURL(`${origin()}${membersPage}`);
	await expect(page.getByRole('heading', { level: 1, name: '成员' })).toBeVisible();
	await page.context().close();
});

test('signing in works without scripts, and leads to no other server', async ({ browser }) => {
	const context = await browser.newContext({ baseURL: origin(), javaScriptEnabled: false });
	const page = await context.newPage();
	await page.goto(`/sign-in?to=${encodeURIComponent('/\t/example.org/')}`);
	await signIn(page, { email: PEOPLE.bo.email, password: 'not-the-password' });
	await expect(page.getByText('邮箱或密码不正确')).toBeVisible();
	await signIn(page, { email: PEOPLE.bo.email, password: PASSWORD });
	await expectBoard(page);
	await page.getByRole('button', { name: 'English' }).click();
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await context.close();
});

test('for who is no member the board is not there', async ({ browser }) => {
	const page = await signedIn(browser, OUTSIDER.email);
	for (const path of [`/boards/${BOARD}`, membersPage, '/boards/none', '/nowhere']) {
		expect((await page.goto(path))?.status()).toBe(404);
		await expect(page.getByRole('heading', { name: '找不到这个页面' })).toBeVisible();
	}
	await page.getByRole('link', { name: '前往看板列表' }).click();
	await expect(page.getByText('还没有看板')).toBeVisible();
	await expect(page.getByText(OUTSIDER.email)).toBeVisible();
	await page.context().close();
});

test('language and theme are kept', async ({ mei }) => {
	await mei.emulateMedia({ colorScheme: 'light' });
	await openPage(mei, '/boards');
	await mei.getByRole('button', { name: 'English' }).click();
	await expect(mei.getByRole('heading', { level: 1, name: 'Boards' })).toBeVisible();
	await expect(mei.locator('html')).toHaveAttribute('lang', 'en');
	await openPage(mei, membersPage);
	await expect(memberRow(mei, PEOPLE.mei.email)).toContainText('Kunming Development and Reform Commission');
	await mei.getByRole('button', { name: '中文' }).click();
	await expect(mei.getByRole('heading', { level: 1, name: '成员' })).toBeVisible();

	const ground = () => mei.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
	const light = await ground();
	await openPersonalPanel(mei);
	await mei.getByRole('button', { name: '深色' }).click();
	await expect(mei.locator('html')).toHaveAttribute('data-theme', 'dark');
	await expect
		.poll(async () => (await mei.context().cookies()).find(({ name }) => name === 'theme')?.value)
		.toBe('dark');
	await mei.reload();
	await expect(mei.locator('html')).toHaveAttribute('data-theme', 'dark');
	expect(await ground()).not.toBe(light);
	await openPersonalPanel(mei);
	await expect(mei.getByRole('button', { name: '深色' })).toHaveAttribute('aria-pressed', 'true');
	await mei.getByRole('button', { name: '跟随系统' }).click();
	await expect(mei.locator('html')).not.toHaveAttribute('data-theme');
	expect(await ground()).toBe(light);
});

test('the panel says who one is, and signing out ends the session', async ({ browser }) => {
	const page = await strangerAt(browser, '/sign-in');
	await signIn(page, { email: PEOPLE.lan.email, password: PASSWORD });
	await expectBoard(page);
	const cookies = await page.context().cookies();
	await openPersonalPanel(page);
	const panel = page.getByRole('group', { name: '显示与账号' });
	await expect(panel).toContainText('云南省发展和改革委员会');
	await expect(panel).toContainText('统筹员');
	await panel.getByRole('button', { name: '退出登录' }).click();
	await expect(page).toHaveURL(/\/sign-in$/);
	await openPage(page, `/boards/${BOARD}`);
	await expect(page).toHaveURL(/\/sign-in\?to=/);
	await page.context().addCookies(cookies);
	await openPage(page, `/boards/${BOARD}`);
	await expect(page).toHaveURL(/\/sign-in\?to=/);
	await page.context().close();
});

test('the keyboard reaches the main content first, and the page at 390 px has no sideways scroll', async ({
	lan
}) => {
	await lan.setViewportSize({ width: 390, height: 800 });
	for (const path of ['/boards', membersPage, '/nowhere']) {
		await openPage(lan, path);
		const overflow = await lan.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		expect(overflow, path).toBeLessThanOrEqual(0);
	}
	await openPage(lan, membersPage);
	await lan.keyboard.press('Tab');
	await expect(lan.getByRole('link', { name: '跳到主要内容' })).toBeFocused();
	await lan.keyboard.press('Enter');
	await expect(lan.getByRole('main')).toBeFocused();
});

test('axe finds nothing serious on the account pages, light and dark', async ({ browser, lan }) => {
	const stranger = await strangerAt(browser, '/sign-in');
	await inThemes(stranger, () => expectNoGraveFindings(stranger));
	await stranger.context().close();
	for (const path of ['/boards', membersPage, '/nowhere']) {
		await openPage(lan, path);
		await inThemes(lan, () => expectNoGraveFindings(lan));
	}
	await openPage(lan, membersPage);
	await lan.getByRole('button', { name: '添加成员' }).click();
	await lan.getByRole('dialog').waitFor();
	await inThemes(lan, () => expectNoGraveFindings(lan));
});
