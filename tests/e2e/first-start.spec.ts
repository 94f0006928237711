import type { Page } from '@playwright/test';
import { type ServerProcess, startServer } from '../support/server-process.ts';
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
import { expect, openPage, test } from './fixtures.ts';
import { BOARD } from './people.ts';

const OWNER = { name: '周正', email: 'zhou@yn.example.cn', password: 'an-owner-password' };
const NEWCOMER = { name: '普文华', email: 'pu@cx.example.cn', password: 'a-first-password' };

test.describe('the first start', () => {
	test.describe.configure({ mode: 'serial' });
	let server: ServerProcess;
	let link: string;
	let owner: Page;

	test.beforeAll(async ({ browser }) => {
		server = await startServer();
		await expect.poll(() => server.output()).toMatch(/\/setup\//);
		link = /http:\S+\/setup\/\S+/.exec(server.output())![0];
		owner = await (await browser.newContext({ baseURL: server.origin })).newPage();
	});
	test.afterAll(async () => {
		await owner.context().close();
		await server.stop();
	});

	test('its one-time link makes the owner’s account, which sees the board', async () => {
		await openPage(owner, link);
		await inThemes(owner, () => expectNoGraveFindings(owner));
		await owner.getByLabel('姓名').fill(OWNER.name);
		await owner.getByLabel('电子邮箱').fill(OWNER.email);
		await owner.getByLabel('单位').selectOption('云南省发展和改革委员会');
		await owner.getByLabel('密码').fill('short');
		await owner.getByRole('button', { name: '建立账号' }).click();
		await expect(owner.getByText('密码需要 10–128 个字符')).toBeVisible();
		await expect(owner.getByLabel('密码')).toBeFocused();
		await expect(owner.getByLabel('姓名')).toHaveValue(OWNER.name);
		await expect(owner.getByLabel('单位')).toHaveValue('org-sheng-fagaiwei');
		await owner.getByLabel('密码').fill(OWNER.password);
		await owner.getByRole('button', { name: '建立账号' }).click();
		await expect(owner.getByText('账号已建立，请用它登录。')).toBeVisible();
		await expect(signInForm(owner).email).toHaveValue(OWNER.email);
		await signIn(owner, OWNER);
		await expectBoard(owner);
		await expect(owner.locator('[data-project-id]')).toHaveCount(56);
	});

	test('the link works once', async ({ browser }) => {
		const page = await strangerAt(browser, link, server.origin);
		expect((await page.request.get(link)).status()).toBe(404);
		await expect(page.getByRole('heading', { name: '这条链接已失效' })).toBeVisible();
		await page.getByRole('link', { name: '登录' }).click();
		await expect(page).toHaveURL(/\/sign-in$/);
		await page.context().close();
	});

	test('the owner adds a person, who can then sign in and sees the board', async ({ browser }) => {
		await openPage(owner, membersPage);
		await expect(owner.getByText('这块看板还没有成员')).toBeVisible();
		await owner.getByRole('button', { name: '添加成员' }).click();
		await owner.getByText('新建账号').click();
		await owner.getByLabel('电子邮箱').fill(NEWCOMER.email);
		await owner.getByLabel('姓名').fill(NEWCOMER.name);
		await owner.getByLabel('单位').selectOption('楚雄彝族自治州发展和改革委员会');
		await owner.getByLabel('初始密码').fill(NEWCOMER.password);
		await owner.getByRole('button', { name: '建立账号并添加' }).click();
		await expect(memberRow(owner, NEWCOMER.email)).toContainText(NEWCOMER.name);
		const newcomer = await strangerAt(browser, '/', server.origin);
		await signIn(newcomer, NEWCOMER);
		await expectBoard(newcomer);
		await newcomer.context().close();
	});

	test('the owner makes a board of their own', async () => {
		await openPage(owner, '/boards');
		await owner.getByRole('button', { name: '新建看板' }).click();
		await owner.getByLabel('看板名称').fill('昆玉同城化 2026');
		await expect(owner.getByLabel('地址')).toHaveValue('kunyutongchenghua-2026');
		await owner.getByLabel('地址').fill(BOARD);
		await owner.getByRole('button', { name: '建立看板' }).click();
		await expect(owner.getByText('这个地址已被使用')).toBeVisible();
		await owner.getByLabel('地址').fill('kunyu-2026');
		await owner.getByRole('button', { name: '建立看板' }).click();
		await expect(owner).toHaveURL(/\/boards\/kunyu-2026$/);
		await expect(owner.getByRole('heading', { level: 1, name: '昆玉同城化 2026' })).toBeVisible();
		await openPage(owner, '/boards');
		await expect(owner.getByRole('listitem').filter({ hasText: '昆玉同城化 2026' })).toContainText('所有者');
	});

	test('a person changes the password they were given, and their other sessions end', async ({ browser }) => {
		const here = await strangerAt(browser, '/', server.origin);
		const elsewhere = await strangerAt(browser, '/', server.origin);
		for (const page of [here, elsewhere]) {
			await signIn(page, NEWCOMER);
			await expectBoard(page);
		}
		await openPersonalPanel(here);
		await here.getByRole('link', { name: '修改密码' }).click();
		const change = async (current: string) => {
			await here.getByLabel('当前密码').fill(current);
			await here.getByLabel('新密码').fill('a-password-of-my-own');
			await here.getByRole('main').getByRole('button', { name: '修改密码' }).click();
		};
		await change('not-the-password');
		await expect(here.getByText('当前密码不正确')).toBeVisible();
		await change(NEWCOMER.password);
		await expect(here.getByText('密码已修改，其他设备上的登录已结束。')).toBeVisible();
		await inThemes(here, () => expectNoGraveFindings(here));
		await openPage(here, '/boards');
		await expect(here.getByRole('heading', { level: 1, name: '看板' })).toBeVisible();
		await openPage(elsewhere, '/boards');
		await expect(elsewhere).toHaveURL(/\/sign-in/);
		await signIn(elsewhere, { ...NEWCOMER, password: 'a-password-of-my-own' });
		await expect(elsewhere.getByRole('heading', { level: 1, name: '看板' })).toBeVisible();
		await Promise.all([here, elsewhere].map((page) => page.context().close()));
	});

	test('too many attempts at once are told as such, and lock nobody out', async ({ browser }) => {
		const page = await strangerAt(browser, '/sign-in', server.origin);
		const attempt = async () => {
			const response = await page.request.post('/sign-in', {
				headers: { origin: server.origin, accept: 'text/html' },
				form: { email: OWNER.email, password: 'not-the-password' }
			});
			return { status: response.status(), html: await response.text() };
		};
		const answers = await Promise.all(Array.from({ length: 30 }, attempt));
		const refused = answers.filter(({ status }) => status === 429);
		expect(refused.length).toBeGreaterThan(0);
		for (const { html } of refused) expect(html).toContain('尝试次数过多');
		await signIn(page, OWNER);
		await expect(page).toHaveURL(/\/boards$/);
		await page.context().close();
	});
});
