import type { Locator, Page } from '@playwright/test';
import { expectNoGraveFindings } from './axe.ts';
import { expect, openBoard, origin, test } from './fixtures.ts';
import { BOARD } from './people.ts';
import { committedProject, panelOf, savedSign } from './project-page.ts';

const WEST = 'hukun-kezhuan';

const rowOf = (page: Page, id: string): Locator => page.locator(`[data-record-id="${id}"]`);
const card = (page: Page, id: string): Locator => page.locator(`[data-project-id="${id}"]`);

async function openLibrary(page: Page, query = ''): Promise<void> {
	await page.goto(`/boards/${BOARD}/library${query}`);
	await savedSign(page).waitFor();
}

async function search(page: Page, text: string): Promise<void> {
	await page.getByRole('searchbox', { name: '搜索名称、拼音首字母或英文' }).fill(text);
}
const count = (page: Page) => page.getByRole('status').filter({ hasText: '416 条' });

test('all 416 records are there, found by name, pinyin initials and English, by city and sector', async ({
	mei
}) => {
	await openLibrary(mei);
	await expect(count(mei)).toHaveText('416 / 416 条');
	expect(await mei.locator('[data-record-id]').count()).toBeLessThan(60);
	for (const text of ['沪昆客专', 'hkkz', 'shanghai–kunming high-speed', 'Shanghai Kunming']) {
		await search(mei, text);
		await expect(rowOf(mei, WEST), text).toBeVisible();
	}
	await search(mei, '没有这样的项目');
	await expect(mei.getByText('没有符合条件的项目')).toBeVisible();
	await mei.getByRole('button', { name: '清除条件' }).last().click();
	await mei.getByRole('button', { name: /^州（市）/ }).click();
	await mei.getByRole('checkbox', { name: '玉溪' }).check();
	await mei.keyboard.press('Escape');
	await mei.getByRole('button', { name: /^领域/ }).click();
	await mei.getByRole('checkbox', { name: '机场' }).check();
	await mei.keyboard.press('Escape');
	const rows = mei.locator('[data-record-id]');
	await expect(rows.first()).toBeVisible();
	for (const row of await rows.all()) await expect(row).toContainText('玉溪');
	await expect(count(mei)).not.toHaveText('416 / 416 条');
});

test('a record says how new it is, what is uncertain in it, and opens with all its sources', async ({
	mei
}) => {
	await openLibrary(mei, '?q=昆广铁路扩能');
	const row = mei.locator('[data-record-id]').first();
	await expect(row).toContainText('待核实');
	await expect(row).toContainText('说法不一');
	await expect(row.locator('time').first()).toHaveAttribute('datetime', '2014-05');
	await row.getByRole('button', { name: /^依据与关联/ }).click();
	await expect(row.locator('[data-evidence]').first()).toContainText('原文用词');
	await search(mei, '云桂铁路');
	await expect(mei.locator('[data-record-id]').first()).toContainText('所在地为常识');
});

test('a record taken onto the board is there for everybody, at the stage its sources support, and undo takes it off', async ({
	mei,
	bo,
	lan
}) => {
	await Promise.all([openLibrary(mei, '?q=沪昆客专'), openBoard(bo), openLibrary(lan, '?q=沪昆客专')]);
	await expect(card(bo, WEST)).toHaveCount(0);
	await rowOf(mei, WEST)
		.getByRole('button', { name: /加入看板$/ })
		.click();
	await expect(mei.getByText('“沪昆客专（沪昆高铁）”已加入“在建”')).toBeVisible();
	await expect(bo.locator(`[data-stage-id=construction] [data-project-id="${WEST}"]`)).toBeVisible();
	await expect(rowOf(lan, WEST)).toContainText('已在看板');
	await savedSign(mei).waitFor();
	const project = await committedProject(mei, WEST);
	expect(project).toMatchObject({ stage: 'construction', sector: 'rail', leadCity: '530100' });
	expect(project!.evidence.length).toBeGreaterThan(1);
	const changes = await mei.request.get(`${origin()}/api/boards/${BOARD}/changes?project=${WEST}&limit=1`);
	expect(await changes.json()).toMatchObject({
		changes: [{ kind: 'project-taken', actor: { name: '李梅' } }]
	});
	await mei.getByRole('button', { name: '撤销', exact: true }).click();
	await expect(rowOf(mei, WEST).getByRole('button', { name: /加入看板$/ })).toBeVisible();
	await expect(card(bo, WEST)).toHaveCount(0);
	await expect(rowOf(lan, WEST)).not.toContainText('已在看板');
});

test('what stands on the board can be opened from the library, and be left out of the list', async ({
	mei
}) => {
	await openLibrary(mei, '?q=昆玉铁路');
	await rowOf(mei, 'kunyu-tielu-kuoneng').getByRole('link', { name: /^打开/ }).click();
	await expect(panelOf(mei)).toBeVisible();
	await openLibrary(mei, '?q=昆玉铁路');
	await mei.locator('search').getByRole('combobox', { name: '显示' }).click();
	await mei.getByRole('option', { name: '未在看板上' }).click();
	await expect(rowOf(mei, 'kunyu-tielu-kuoneng')).toHaveCount(0);
});

test('a viewer reads the library and adds nothing; who is not on the board sees neither list nor record', async ({
	wen,
	request
}) => {
	await openLibrary(wen);
	await expect(wen.getByText('您在此看板上是“查看者”')).toBeVisible();
	await expect(wen.getByRole('button', { name: /加入看板$/ })).toHaveCount(0);
	const record = `${origin()}/boards/${BOARD}/library/${WEST}`;
	expect((await wen.request.get(record)).status()).toBe(200);
	expect((await wen.request.get(`${record}-no-such`)).status()).toBe(404);
	expect((await request.get(record, { maxRedirects: 0 })).status()).toBe(303);
});

test('the list is on the page before any script and weighs little', async ({ mei }) => {
	const page = await mei.request.get(`${origin()}/boards/${BOARD}/library`);
	expect(await page.text()).toContain('data-record-id="kunyu-tielu-kuoneng"');
	const data = await mei.request.get(`${origin()}/boards/${BOARD}/library/__data.json`);
	expect((await data.body()).byteLength).toBeLessThan(150_000);
});

test('axe finds nothing serious in the library, light and dark', async ({ mei }) => {
	for (const colorScheme of ['light', 'dark'] as const) {
		await mei.emulateMedia({ colorScheme });
		await openLibrary(mei);
		await mei
			.getByRole('button', { name: /^依据与关联/ })
			.first()
			.click();
		await expect(mei.locator('[data-evidence]').first()).toBeVisible();
		await expectNoGraveFindings(mei);
	}
});
