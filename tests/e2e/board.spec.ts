import type { Locator, Page } from '@playwright/test';
import type { Board } from '../../src/domain/board.ts';
import { expectNoGraveFindings } from './axe.ts';
import { expect, openBoard, origin, test } from './fixtures.ts';
import { BOARD } from './people.ts';

const RAILWAY = 'kunyu-tielu-kuoneng';
const card = (page: Page, id: string) => page.locator(`[data-project-id="${id}"]`);
const column = (page: Page, id: string) => page.locator(`[data-stage-id="${id}"]`);
const saved = (page: Page) => page.locator('[role=status][data-save-state=saved]');
const idsIn = (list: Locator) =>
	list
		.locator('[data-project-id]')
		.evaluateAll((cards) => cards.map((one) => one.getAttribute('data-project-id')));

async function boardOf(page: Page): Promise<Board & { seq: number }> {
	const response = await page.request.get(`${origin()}/api/boards/${BOARD}`);
	return (await response.json()) as Board & { seq: number };
}

/** What the page shows, in the API's words: stage → project ids from the top. */
async function shownOn(page: Page): Promise<Record<string, (string | null)[]>> {
	const stages = await page.locator('[data-stage-id]').all();
	const entries = await Promise.all(
		stages.map(async (list) => [(await list.getAttribute('data-stage-id'))!, await idsIn(list)] as const)
	);
	return Object.fromEntries(entries);
}

function toldBy(board: Board): Record<string, string[]> {
	return Object.fromEntries(
		board.stages.map((stage) => [
			stage.id,
			board.projects.filter((project) => project.stage === stage.id).map(({ id }) => id)
		])
	);
}

async function addProject(page: Page, stageId: string, name: string): Promise<string> {
	await page
		.locator('section', { has: column(page, stageId) })
		.locator('[data-add-project]')
		.click();
	await page.getByRole('textbox', { name: '项目名称' }).fill(name);
	await page.getByRole('button', { name: '添加', exact: true }).click();
	const added = column(page, stageId).locator('[data-project-id]', { hasText: name });
	await added.waitFor();
	return (await added.getAttribute('data-project-id'))!;
}

test('the page shows what the API tells: 56 projects, before any script and after', async ({ mei }) => {
	const board = await boardOf(mei);
	expect(board.projects.length).toBeGreaterThanOrEqual(56);
	const html = await (await mei.request.get(`${origin()}/boards/${BOARD}`)).text();
	for (const project of board.projects) expect(html).toContain(`data-project-id="${project.id}"`);
	await openBoard(mei);
	await expect.poll(() => shownOn(mei)).toEqual(toldBy(await boardOf(mei)));
});

test('a card dragged by one person moves for the other, and is in the board the server tells', async ({
	mei,
	bo
}) => {
	await Promise.all([openBoard(mei), openBoard(bo)]);
	const id = await addProject(mei, 'planned', '跨市快线（拖动）');
	await expect(card(bo, id)).toBeVisible();
	await card(mei, id).dragTo(column(mei, 'preparation').locator('[data-project-id]').first());
	await expect(column(mei, 'preparation').locator(`[data-project-id="${id}"]`)).toBeVisible();
	await expect(column(bo, 'preparation').locator(`[data-project-id="${id}"]`)).toBeVisible();
	await saved(mei).waitFor();
	await expect.poll(() => shownOn(bo)).toEqual(toldBy(await boardOf(mei)));
});

test('the keyboard moves a card, says where it went, and undo takes back only one’s own', async ({
	mei,
	bo
}) => {
	await Promise.all([openBoard(mei), openBoard(bo)]);
	const id = await addProject(mei, 'planned', '键盘移动');
	const other = await addProject(bo, 'planned', '别人的项目');
	await card(mei, other).waitFor();
	await card(mei, id).focus();
	await mei.keyboard.press('Alt+ArrowLeft');
	await expect(column(bo, 'preparation').locator(`[data-project-id="${id}"]`)).toBeVisible();
	await expect(card(mei, id)).toBeFocused();
	await expect(mei.getByText('“键盘移动”已移到前期工作，第 1 位').first()).toBeAttached();
	await mei.keyboard.press('Control+z');
	await expect(column(bo, 'planned').locator(`[data-project-id="${id}"]`)).toBeVisible();
	await expect(card(bo, other)).toBeVisible();
	await mei.keyboard.press('Control+Shift+z');
	await expect(column(bo, 'preparation').locator(`[data-project-id="${id}"]`)).toBeVisible();
});

test('the menu moves, renames and removes; the toast brings a removed project back', async ({ mei, bo }) => {
	await Promise.all([openBoard(mei), openBoard(bo)]);
	const id = await addProject(mei, 'study', '菜单项目');
	await card(mei, id).getByRole('button').click();
	await mei.getByRole('menuitem', { name: '移动到…' }).click();
	await mei
		.getByRole('menuitem', { name: '暂缓' })
		.or(mei.getByRole('menuitemradio', { name: '暂缓' }))
		.click();
	await expect(column(bo, 'on-hold').locator(`[data-project-id="${id}"]`)).toBeVisible();
	await card(mei, id).focus();
	await mei.keyboard.press('F2');
	await mei.getByRole('textbox', { name: '项目名称' }).fill('菜单项目（改名）');
	await mei.keyboard.press('Enter');
	await expect(card(bo, id)).toContainText('菜单项目（改名）');
	await card(mei, id).focus();
	await mei.keyboard.press('Delete');
	await expect(card(bo, id)).toHaveCount(0);
	await mei.getByRole('button', { name: '撤销', exact: true }).last().click();
	await expect(card(bo, id)).toContainText('菜单项目（改名）');
});

test('people see who is here and on which card', async ({ mei, bo }) => {
	await Promise.all([openBoard(mei), openBoard(bo)]);
	await expect(mei.getByLabel('在线的人')).toContainText('波');
	await card(bo, RAILWAY).focus();
	await expect(card(mei, RAILWAY).getByLabel('正在看这个项目的人')).toBeVisible();
});

test('an avatar is followed to the cards its person goes to, until one does something oneself', async ({
	mei,
	bo
}) => {
	await Promise.all([openBoard(mei), openBoard(bo)]);
	const avatar = mei.getByLabel('在线的人').getByRole('button', { name: /王波/ });
	await avatar.click();
	await expect(avatar).toHaveAttribute('aria-pressed', 'true');
	const far = bo.locator('[data-stage-id=construction] [data-project-id]').last();
	const id = (await far.getAttribute('data-project-id'))!;
	await far.focus();
	await expect(card(mei, id)).toBeInViewport();
	await mei.keyboard.press('Shift');
	await expect(avatar).toHaveAttribute('aria-pressed', 'false');
});

test('offline edits wait, are counted, survive a reload of the other, and both converge', async ({
	mei,
	bo
}) => {
	await Promise.all([openBoard(mei), openBoard(bo)]);
	const id = await addProject(mei, 'study', '离线项目');
	await saved(mei).waitFor();
	await mei.context().setOffline(true);
	await expect(mei.locator('[data-save-state=offline]')).toBeVisible();
	await card(mei, id).focus();
	await mei.keyboard.press('Alt+ArrowRight');
	await expect(mei.locator('[data-save-state=offline]')).toContainText('1 条待同步');
	const added = await addProject(bo, 'study', '另一边的修改');
	await mei.context().setOffline(false);
	await expect(saved(mei)).toBeVisible();
	await expect(column(bo, 'preparation').locator(`[data-project-id="${id}"]`)).toBeVisible();
	await expect(card(mei, added)).toBeVisible();
	await expect.poll(() => shownOn(mei)).toEqual(await shownOn(bo));
});

test('search finds by pinyin initials, filters by city and sector', async ({ mei }) => {
	await openBoard(mei);
	await mei.keyboard.press('/');
	await mei.keyboard.type('kytl');
	await expect(card(mei, RAILWAY)).toBeVisible();
	await expect(mei.locator('[data-project-id]')).toHaveCount(1);
	await mei.getByRole('button', { name: '清除筛选' }).click();
	await mei.getByRole('button', { name: /^领域/ }).click();
	await mei.getByRole('checkbox', { name: '铁路' }).click();
	await expect(card(mei, RAILWAY)).toBeVisible();
	await expect(mei.locator('[data-project-id]')).not.toHaveCount(56);
});

test('a viewer reads and cannot edit', async ({ wen }) => {
	await openBoard(wen);
	await expect(wen.locator('[data-add-project]')).toHaveCount(0);
	await card(wen, RAILWAY).focus();
	const before = await shownOn(wen);
	await wen.keyboard.press('Alt+ArrowRight');
	await wen.keyboard.press('Delete');
	expect(await shownOn(wen)).toEqual(before);
});

test('axe finds nothing serious on the board, light and dark', async ({ mei }) => {
	for (const colorScheme of ['light', 'dark'] as const) {
		await mei.emulateMedia({ colorScheme });
		await openBoard(mei);
		await expectNoGraveFindings(mei);
	}
});
