import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { type ServerProcess, startServer, tongchou } from '../support/server-process.ts';
import { expectNoGraveFindings } from './axe.ts';
import { startBoardServer } from './board-server.ts';
import { BOARD, PASSWORD, PEOPLE, type PersonKey } from './people.ts';

const RAILWAY = 'kunyu-tielu-kuoneng';
let server: ServerProcess;

// a server is started, stopped and put back within one test
test.describe.configure({ timeout: 180_000 });

test.beforeEach(async () => {
	server = await startBoardServer(['mei', 'bo']);
});
test.afterEach(async () => {
	await server.stop();
});

async function signIn(page: Page, person: PersonKey): Promise<void> {
	const response = await page.context().request.post('/api/auth/sign-in/email', {
		headers: { origin: server.origin },
		data: { email: PEOPLE[person].email, password: PASSWORD }
	});
	expect(response.ok()).toBe(true);
}
async function enter(browser: Browser, person: PersonKey): Promise<Page> {
	const page = await (await browser.newContext({ baseURL: server.origin })).newPage();
	await signIn(page, person);
	await open(page);
	return page;
}

const state = (page: Page, kind: string) => page.locator(`[role=status][data-save-state=${kind}]`);
async function open(page: Page): Promise<void> {
	await page.goto(`/boards/${BOARD}`);
	await state(page, 'saved').waitFor();
}
const card = (page: Page, id: string) => page.locator(`[data-project-id="${id}"]`);
const tray = (page: Page) => page.getByRole('status').filter({ hasText: '本机有' });

async function run(...args: string[]): Promise<void> {
	const { code, stderr } = await tongchou(server.dataDir, args);
	expect(code, stderr).toBe(0);
}
async function restart(): Promise<void> {
	server = await startServer({ dataDir: server.dataDir, port: Number(new URL(server.origin).port) });
}

/** Renames a project on its card. */
async function rename(page: Page, id: string, name: string): Promise<void> {
	await card(page, id).focus();
	await page.keyboard.press('F2');
	const field = page.getByRole('textbox', { name: '项目名称' });
	await field.fill(name);
	await field.press('Enter');
	await expect(card(page, id)).toContainText(name);
}
async function otherIds(page: Page): Promise<[string, string, string]> {
	const ids = await page
		.locator('[data-project-id]')
		.evaluateAll((cards) => cards.map((one) => (one as HTMLElement).dataset.projectId ?? ''));
	const [one = '', two = '', three = ''] = ids.filter((id) => id !== RAILWAY);
	return [one, two, three];
}

test('after an older backup was restored, what the browser has is listed, brought in or discarded', async ({
	browser
}) => {
	const mei = await enter(browser, 'mei');
	const [one, two, three] = await otherIds(mei);
	const backup = join(mkdtempSync(join(tmpdir(), 'tongchou-')), 'backup.sqlite');
	await run('backup', backup);
	await rename(mei, one, '备份之后的一');
	await rename(mei, two, '备份之后的二');
	await rename(mei, three, '备份之后的三');
	await state(mei, 'saved').waitFor();
	await server.stop();
	await run('restore', backup);
	await restart();
	await signIn(mei, 'mei');
	await open(mei);

	await expect(tray(mei)).toContainText('3 处');
	await expect(tray(mei)).toContainText('备份之后的一');
	await expect(tray(mei)).toContainText('恢复备份后看板上缺失');
	await expect(card(mei, one)).not.toContainText('备份之后的一');
	await expectNoGraveFindings(mei);
	const given = tray(mei).getByRole('listitem').filter({ hasText: '备份之后的三' });
	await given.getByRole('button', { name: /^丢弃/ }).click();
	await mei.getByRole('dialog').getByRole('button', { name: '丢弃', exact: true }).click();
	await expect(tray(mei)).toContainText('2 处');
	await expect(card(mei, three)).not.toContainText('备份之后的三');
	const row = tray(mei).getByRole('listitem').filter({ hasText: '备份之后的一' });
	await row.getByRole('button', { name: '采用' }).click();
	await expect(card(mei, one)).toContainText('备份之后的一');
	await state(mei, 'saved').waitFor();
	await mei.reload();
	await expect(tray(mei)).toContainText('1 处');
	await expect(tray(mei)).not.toContainText('备份之后的一');

	const download = mei.waitForEvent('download');
	await tray(mei).getByRole('button', { name: '下载副本' }).click();
	expect((await download).suggestedFilename()).toMatch(/^dianzhong-\d+\.json$/);
	const secondTab = await mei.context().newPage();
	await open(secondTab);
	await expect(tray(secondTab)).toContainText('1 处');
	await tray(mei).getByRole('button', { name: '全部丢弃' }).click();
	await mei.getByRole('dialog').getByRole('button', { name: '全部丢弃' }).click();
	for (const page of [mei, secondTab]) await expect(tray(page)).toHaveCount(0);
	await open(mei);
	await expect(card(mei, one)).toContainText('备份之后的一');
	await expect(card(mei, two)).not.toContainText('备份之后的二');
	await expect(tray(mei)).toHaveCount(0);
	await mei.context().close();
});

test('after the database file was put back by hand, what the browser has is listed as well', async ({
	browser
}) => {
	const mei = await enter(browser, 'mei');
	const [one] = await otherIds(mei);
	const file = join(server.dataDir, 'tongchou.sqlite');
	const copy = join(mkdtempSync(join(tmpdir(), 'tongchou-')), 'copy.sqlite');
	await server.stop();
	copyFileSync(file, copy);
	await restart();
	await state(mei, 'saved').waitFor();
	await rename(mei, one, '拷贝之后的');
	await state(mei, 'saved').waitFor();
	await open(mei); // from now on the browser knows how far its copy is
	await server.stop();
	copyFileSync(copy, file);
	await restart();

	await expect(tray(mei)).toContainText('拷贝之后的');
	await expect(card(mei, one)).not.toContainText('拷贝之后的');
	await open(mei);
	await expect(tray(mei)).toContainText('1 处');
	await tray(mei).getByRole('button', { name: '采用' }).click();
	await expect(card(mei, one)).toContainText('拷贝之后的');
	await state(mei, 'saved').waitFor();
	await open(mei);
	await expect(tray(mei)).toHaveCount(0);
	await expect(card(mei, one)).toContainText('拷贝之后的');
	await mei.context().close();
});

test('when a board is compacted nobody notices, and edits made offline are done again or listed', async ({
	browser
}) => {
	const [mei, bo] = [await enter(browser, 'mei'), await enter(browser, 'bo')];
	const [one, two] = await otherIds(mei);
	await mei.context().setOffline(true);
	await state(mei, 'offline').waitFor();
	await rename(mei, one, '离线时改的');
	await rename(mei, two, '两人都改的，我的');
	await rename(bo, two, '两人都改的，他的');
	await state(bo, 'saved').waitFor();
	await run('board', 'compact', '--board', BOARD);
	await rename(bo, RAILWAY, '压缩之后的');
	await state(bo, 'saved').waitFor();
	await expect(tray(bo)).toHaveCount(0);

	await mei.context().setOffline(false);
	await expect(card(bo, one)).toContainText('离线时改的');
	await expect(card(mei, RAILWAY)).toContainText('压缩之后的');
	await expect(card(mei, two)).toContainText('两人都改的，他的');
	await expect(tray(mei)).toContainText('1 处');
	await expect(tray(mei)).toContainText('两人都改的，我的');
	await expect(tray(mei)).toContainText('别人在此期间改过');
	await tray(mei).getByRole('button', { name: '采用' }).click();
	await expect(card(bo, two)).toContainText('两人都改的，我的');
	await expect(tray(mei)).toHaveCount(0);
	await state(mei, 'saved').waitFor();
	await Promise.all([mei.context().close(), bo.context().close()]);
});
