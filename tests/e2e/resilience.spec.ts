import { type Browser, expect, type Page, test } from '@playwright/test';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { putOnBoard, startBoardServer } from './board-server.ts';
import { closeTab } from './kept-copy.ts';
import { BOARD, PASSWORD, PEOPLE, type PersonKey } from './people.ts';

const RAILWAY = 'kunyu-tielu-kuoneng';
let server: ServerProcess;

test.beforeAll(async () => {
	server = await startBoardServer(['mei', 'bo']);
});
test.afterAll(async () => {
	await server.stop();
});

async function signIn(browser: Browser, person: PersonKey): Promise<Page> {
	const context = await browser.newContext({ baseURL: server.origin });
	const response = await context.request.post('/api/auth/sign-in/email', {
		headers: { origin: server.origin },
		data: { email: PEOPLE[person].email, password: PASSWORD }
	});
	expect(response.ok()).toBe(true);
	return context.newPage();
}

const state = (page: Page, kind: string) => page.locator(`[role=status][data-save-state=${kind}]`);
const card = (page: Page, id: string, stage: string) =>
	page.locator(`[data-stage-id="${stage}"] [data-project-id="${id}"]`);

async function open(page: Page): Promise<void> {
	await page.goto(`/boards/${BOARD}`);
	await state(page, 'saved').waitFor();
}

/** Moves the railway one stage along by the keyboard. */
async function move(page: Page, key: 'ArrowLeft' | 'ArrowRight'): Promise<void> {
	await page.locator(`[data-project-id="${RAILWAY}"]`).focus();
	await page.keyboard.press(`Alt+${key}`);
}
const moveRight = (page: Page) => move(page, 'ArrowRight');
const moveLeft = (page: Page) => move(page, 'ArrowLeft');

test('edits made while the server is dead wait in the page and reach the others when it is back', async ({
	browser
}) => {
	const [mei, bo] = [await signIn(browser, 'mei'), await signIn(browser, 'bo')];
	await Promise.all([open(mei), open(bo)]);
	await server.stop('SIGKILL');
	await state(mei, 'offline').waitFor();
	await moveRight(mei);
	await expect(card(mei, RAILWAY, 'completion')).toBeVisible();
	await expect(state(mei, 'offline')).toContainText('1');
	server = await startServer({ dataDir: server.dataDir, port: Number(new URL(server.origin).port) });
	await state(mei, 'saved').waitFor();
	await expect(card(bo, RAILWAY, 'completion')).toBeVisible();
	await Promise.all([mei.context().close(), bo.context().close()]);
});

test('an edit made offline survives the closed tab, is counted, and is sent on return', async ({
	browser
}) => {
	const [mei, bo] = [await signIn(browser, 'mei'), await signIn(browser, 'bo')];
	await Promise.all([open(mei), open(bo)]);
	await mei.context().setOffline(true);
	await state(mei, 'offline').waitFor();
	await moveRight(mei);
	await expect(card(mei, RAILWAY, 'operation')).toBeVisible();
	await closeTab(mei);
	await mei.context().setOffline(false);
	const again = await mei.context().newPage();
	await open(again);
	await expect(card(again, RAILWAY, 'operation')).toBeVisible();
	await expect(card(bo, RAILWAY, 'operation')).toBeVisible();
	await Promise.all([mei.context().close(), bo.context().close()]);
});

test('an edit the server refuses comes back to its author, who can do it again once they may', async ({
	browser
}) => {
	const [mei, bo] = [await signIn(browser, 'mei'), await signIn(browser, 'bo')];
	await Promise.all([open(mei), open(bo)]);
	const before = await stageOf(bo);
	await putOnBoard(server.dataDir, 'mei', 'viewer');
	// the page was opened as a planner's; until the right is gone on the server too, edits pass and are taken back
	await expect(async () => {
		await moveLeft(mei);
		await expect(state(mei, 'refused')).toBeVisible({ timeout: 1_500 });
	}).toPass();
	const tray = mei.getByRole('status').filter({ hasText: '未被接受的修改' });
	await expect(tray).toContainText('您没有这项修改的权限');
	await expect.poll(() => stageOf(mei)).toBe(await stageOf(bo));
	await mei.reload();
	await expect(tray).toContainText('您没有这项修改的权限');
	await tray.getByRole('button', { name: '丢弃' }).click();
	await state(mei, 'saved').waitFor();
	await putOnBoard(server.dataDir, 'mei', 'planner');
	await mei.reload();
	await state(mei, 'saved').waitFor();
	await putOnBoard(server.dataDir, 'mei', 'viewer');
	await expect(async () => {
		await moveLeft(mei);
		await expect(state(mei, 'refused')).toBeVisible({ timeout: 1_500 });
	}).toPass();
	const meanwhile = await stageOf(bo);
	await putOnBoard(server.dataDir, 'mei', 'planner');
	await expect(async () => {
		const retry = tray.getByRole('button', { name: '重试' });
		await retry.click();
		await expect(state(mei, 'saved')).toBeVisible({ timeout: 1_500 });
	}).toPass();
	await expect.poll(() => stageOf(bo)).not.toBe(meanwhile);
	expect(before).not.toBeNull();
	await Promise.all([mei.context().close(), bo.context().close()]);
});

function stageOf(page: Page): Promise<string | null> {
	return page.locator(`[data-stage-id]:has([data-project-id="${RAILWAY}"])`).getAttribute('data-stage-id');
}
