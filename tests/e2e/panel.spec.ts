import type { Page } from '@playwright/test';
import { expectNoGraveFindings } from './axe.ts';
import { expect, openBoard, origin, test } from './fixtures.ts';
import { BOARD } from './people.ts';
import {
	committed,
	committedProject,
	inputOf,
	notesOf,
	openProject,
	panelOf,
	placeOf,
	savedSign
} from './project-page.ts';

const WATER = 'dianzhong-yinshui';
const HIGHSPEED = 'yukun-gaotie';
const card = (page: Page, id: string) => page.locator(`[data-project-id="${id}"]`);

async function type(page: Page, field: string, text: string): Promise<void> {
	await inputOf(page, field).fill(text);
	await inputOf(page, field).press('Enter');
}

async function choose(page: Page, field: string, option: string): Promise<void> {
	await placeOf(page, field).getByRole('combobox').click();
	await page.getByRole('option', { name: option, exact: true }).click();
}

test('a project has an address that shows it whole, also before any script; an unknown one is not found', async ({
	mei
}) => {
	const html = await (await mei.request.get(`${origin()}/boards/${BOARD}/projects/${WATER}`)).text();
	for (const text of ['滇中引水工程', 'Central Yunnan Water Diversion Project', '年内重点推进'])
		expect(html).toContain(text);
	expect((await mei.request.get(`${origin()}/boards/${BOARD}/projects/no-such`)).status()).toBe(404);
	await openProject(mei, WATER);
	const dates = await panelOf(mei)
		.locator('[data-evidence] time')
		.evaluateAll((times) => times.map((time) => time.getAttribute('datetime')));
	expect(dates).toEqual(['2014-05', '2014-05', '2014-05', '2026-05-19']);
	await expect(panelOf(mei)).toContainText('依据：2026年5月19日');
	await expect(panelOf(mei)).toContainText('日期为推断');
	await expect(panelOf(mei).getByText('在项目库')).toBeVisible();
});

test('a field tells who last changed it, asks once, follows what is committed, and moves nothing', async ({
	mei,
	bo,
	wen
}) => {
	test.slow(); // three people's pages
	await Promise.all([openProject(mei, HIGHSPEED), openProject(bo, HIGHSPEED), openProject(wen, HIGHSPEED)]);
	await type(bo, 'investmentSource', '工可报告');
	await expect(inputOf(mei, 'investmentSource')).toHaveValue('工可报告');
	const asked: string[] = [];
	mei.on('request', (request) => {
		if (request.url().includes('field=investmentSource')) asked.push(request.url());
	});
	const field = placeOf(mei, 'investmentSource');
	const told = field.getByRole('group', { name: '上次修改' });
	const before = await field.boundingBox();
	await field.hover();
	await expect(told).toContainText('玉溪市人民政府 王波');
	await expect(told).toContainText('工可报告');
	expect(await field.boundingBox()).toEqual(before);
	await expectNoGraveFindings(mei);
	await placeOf(mei, 'notes').hover();
	await expect(told).toHaveCount(0);
	await type(bo, 'investmentSource', '可研批复');
	await inputOf(mei, 'investmentSource').focus();
	await expect(told).toContainText('由 工可报告 改为 可研批复');
	expect(asked).toHaveLength(1);
	await mei.keyboard.press('Escape');
	await expect(told).toHaveCount(0);
	await expect(panelOf(mei)).toBeVisible();
	// who may not edit comes to it by the keyboard as well
	await placeOf(wen, 'investmentSource').focus();
	const link = placeOf(wen, 'investmentSource').getByRole('link', { name: /^查看这一项的历史/ });
	await expect(link).toBeVisible();
	await link.click();
	await expect(wen.locator('[data-change-kind]').first()).toContainText('由 工可报告 改为 可研批复');
});

test('what one person writes and chooses is on the other’s screen, and committed', async ({ mei, bo }) => {
	await Promise.all([openProject(mei, WATER), openProject(bo, WATER)]);
	await type(mei, 'nameEn', 'Central Yunnan Water Diversion');
	await type(mei, 'totalInvestmentYuan', '825.76');
	await type(mei, 'investmentAsOf', '2026年5月');
	await type(mei, 'investmentSource', '可研批复');
	await expect(inputOf(bo, 'nameEn')).toHaveValue('Central Yunnan Water Diversion');
	await expect(inputOf(bo, 'totalInvestmentYuan')).toHaveValue('825.76');
	await expect(placeOf(bo, 'totalInvestmentYuan')).toContainText('合 82,576,000,000 元');
	await expect(inputOf(bo, 'investmentAsOf')).toHaveValue('2026-05');
	await choose(mei, 'sector', '水库');
	await choose(mei, 'leadCity', '玉溪市');
	await choose(mei, 'place', '竣工验收');
	await expect(placeOf(bo, 'sector')).toContainText('水库');
	await expect(placeOf(bo, 'leadCity')).toContainText('玉溪市');
	await expect(placeOf(bo, 'place')).toContainText('竣工验收');
	await expect(placeOf(bo, 'place')).toContainText('李梅移到这里，没有文件为据');
	await savedSign(mei).waitFor();
	await expect
		.poll(() => committedProject(mei, WATER))
		.toMatchObject({
			totalInvestmentYuan: 82_576_000_000,
			investmentAsOf: '2026-05',
			investmentSource: '可研批复',
			sector: 'reservoir',
			leadCity: '530400',
			stage: 'completion'
		});
});

test('prefectures are chosen from a list by keyboard; the lead that is taken out leads no more', async ({
	mei,
	bo
}) => {
	await Promise.all([openProject(mei, HIGHSPEED), openProject(bo, HIGHSPEED)]);
	await placeOf(mei, 'cities').getByRole('button').focus();
	await mei.keyboard.press('Enter');
	await mei.getByRole('checkbox', { name: '楚雄' }).check();
	await expect(placeOf(bo, 'cities')).toContainText('楚雄');
	await mei.getByRole('checkbox', { name: '昆明' }).uncheck();
	await mei.keyboard.press('Escape');
	await expect(panelOf(mei)).toBeVisible();
	await expect(placeOf(bo, 'leadCity')).toContainText('未定');
	await expect(placeOf(bo, 'cities')).not.toContainText('昆明');
});

test('a wrong amount stays in the field with its reason and is not saved', async ({ mei }) => {
	await openProject(mei, HIGHSPEED);
	const before = await committed(mei);
	await type(mei, 'totalInvestmentYuan', '约三亿');
	await expect(inputOf(mei, 'totalInvestmentYuan')).toHaveAttribute('aria-invalid', 'true');
	await expect(placeOf(mei, 'totalInvestmentYuan')).toContainText('请填数字');
	await mei.keyboard.press('Escape');
	await expect(inputOf(mei, 'totalInvestmentYuan')).toHaveValue('');
	await expect(panelOf(mei)).toBeVisible();
	expect((await committed(mei)).seq).toBe(before.seq);
});

test('the field somebody is in shows it to the others, with their name', async ({ mei, bo }) => {
	await Promise.all([openProject(mei, HIGHSPEED), openProject(bo, HIGHSPEED)]);
	await inputOf(bo, 'investmentSource').focus();
	await expect(placeOf(mei, 'investmentSource')).toContainText('王波');
	await expect(placeOf(mei, 'investmentSource')).toHaveAttribute('data-presence', /^\d+$/);
	await expect(placeOf(bo, 'investmentSource')).not.toHaveAttribute('data-presence', /.*/);
	await notesOf(bo).focus();
	await expect(placeOf(mei, 'investmentSource')).not.toContainText('王波');
	await expect(placeOf(mei, 'notes')).toContainText('王波');
	await expect(placeOf(mei, 'notes')).toHaveAttribute('data-presence', /^\d+$/);
});

test('walking through every field and leaving it as it is writes nothing', async ({ mei }) => {
	await openProject(mei, WATER);
	await expect(notesOf(mei)).toBeVisible();
	const { seq } = await committed(mei);
	const fields = await panelOf(mei).locator('[data-field]').all();
	expect(fields.length).toBeGreaterThanOrEqual(9);
	for (const field of fields) await field.locator('textarea, button, [contenteditable]').first().focus();
	await notesOf(mei).click();
	await notesOf(mei).press('End');
	await mei.keyboard.press('Escape');
	await mei.keyboard.press('Escape');
	await expect(panelOf(mei)).toBeHidden();
	// an edit of another that arrives afterwards proves that nothing of these is still under way
	await card(mei, HIGHSPEED).focus();
	await mei.keyboard.press('Alt+ArrowUp');
	await savedSign(mei).waitFor();
	await expect.poll(async () => (await committed(mei)).seq).toBe(seq + 1);
});

test('a colleague’s change while one is typing is told, and either value can be kept', async ({
	mei,
	bo
}) => {
	await Promise.all([openProject(mei, HIGHSPEED), openProject(bo, HIGHSPEED)]);
	const source = inputOf(mei, 'investmentSource');
	await source.fill('年度投资计划');
	await type(bo, 'investmentSource', '初步设计批复');
	await expect(placeOf(mei, 'investmentSource')).toContainText('有人刚把它改成“初步设计批复”');
	await expect(source).toHaveValue('年度投资计划');
	await source.press('Escape');
	await expect(source).toHaveValue('初步设计批复');
	await source.fill('年度投资计划');
	await type(bo, 'investmentSource', '可研批复');
	await expect(placeOf(mei, 'investmentSource')).toContainText('可研批复');
	await source.press('Enter');
	await expect(inputOf(bo, 'investmentSource')).toHaveValue('年度投资计划');
	await expect(mei.getByText('您的输入取代了别人刚改的“可研批复”')).toBeVisible();
	await mei.getByRole('button', { name: '换回对方的' }).click();
	await expect(inputOf(bo, 'investmentSource')).toHaveValue('可研批复');
});

test('Esc takes back typing first, then closes; closing puts the focus back on the card', async ({ mei }) => {
	await openBoard(mei);
	await card(mei, HIGHSPEED).focus();
	await mei.keyboard.press('Enter');
	await expect(panelOf(mei)).toBeFocused();
	await inputOf(mei, 'name').fill('没有保存的名称');
	await mei.keyboard.press('Escape');
	await expect(inputOf(mei, 'name')).toHaveValue(/渝昆高铁/);
	await mei.keyboard.press('Escape');
	await expect(panelOf(mei)).toBeHidden();
	await expect(card(mei, HIGHSPEED)).toBeFocused();
	await card(mei, HIGHSPEED).getByRole('link').click();
	await panelOf(mei).getByRole('button', { name: '关闭，回到看板' }).click();
	await expect(card(mei, HIGHSPEED)).toBeFocused();
	await expect(mei).toHaveURL(new RegExp(`/boards/${BOARD}$`));
});

test('a project opens without a line, and what is written then is saved when the line is back', async ({
	mei,
	bo
}) => {
	await Promise.all([openBoard(mei), openProject(bo, HIGHSPEED)]);
	await mei.context().setOffline(true);
	await expect(mei.locator('[data-save-state=offline]')).toBeVisible();
	await card(mei, HIGHSPEED).getByRole('link').click();
	await type(mei, 'nameEn', 'Yukun High-speed Railway');
	await mei.context().setOffline(false);
	await expect(inputOf(bo, 'nameEn')).toHaveValue('Yukun High-speed Railway');
});

test('a viewer reads all of it and is told why nothing can be changed', async ({ wen, bo }) => {
	await openProject(wen, HIGHSPEED);
	await expect(panelOf(wen)).toContainText('您在此看板上是“查看者”');
	await expect(panelOf(wen).locator('textarea, input, [contenteditable=true]')).toHaveCount(0);
	await expect(panelOf(wen).getByRole('button', { name: '从看板移除' })).toHaveCount(0);
	await openProject(bo, HIGHSPEED);
	await type(bo, 'nameEn', 'Chongqing–Kunming HSR');
	await expect(panelOf(wen)).toContainText('Chongqing–Kunming HSR');
});

test('a project somebody removes stays readable, and comes alive again when they take it back', async ({
	mei,
	bo
}) => {
	await Promise.all([openProject(mei, WATER), openProject(bo, WATER)]);
	await panelOf(mei).getByRole('button', { name: '从看板移除' }).click();
	await expect(panelOf(bo)).toContainText('这个项目已被移除');
	await expect(panelOf(bo)).toContainText(/李梅于\d{4}年.*将它移除/);
	await expect(panelOf(bo)).toContainText('滇中引水工程');
	await expect(panelOf(bo).locator('textarea, [contenteditable=true]')).toHaveCount(0);
	await mei.getByRole('button', { name: '撤销', exact: true }).last().click();
	await expect(panelOf(bo)).not.toContainText('这个项目已被移除');
	await expect(inputOf(bo, 'name')).toHaveValue('滇中引水工程');
});

test('markup in any text field stays text', async ({ mei, bo }) => {
	const seen: string[] = [];
	for (const page of [mei, bo])
		page.on('dialog', (dialog) => (seen.push(dialog.message()), dialog.dismiss()));
	await Promise.all([openProject(mei, WATER), openProject(bo, WATER)]);
	const attack = '<img src=x onerror=alert(1)><script>alert(2)</script>';
	for (const field of ['name', 'nameEn', 'investmentSource']) {
		await type(mei, field, attack);
		await expect(inputOf(bo, field)).toHaveValue(attack);
	}
	await expect(card(bo, WATER)).toContainText(attack);
	await bo.reload();
	await expect(inputOf(bo, 'name')).toHaveValue(attack);
	await expect(bo.locator('img, main script')).toHaveCount(0);
	expect(seen).toEqual([]);
	await type(mei, 'name', '滇中引水工程');
});

test('axe finds nothing serious in an open project, light and dark, wide and on a phone', async ({
	mei,
	wen
}) => {
	for (const page of [mei, wen]) {
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme });
			await page.setViewportSize(
				colorScheme === 'light' ? { width: 1440, height: 900 } : { width: 390, height: 844 }
			);
			await openProject(page, HIGHSPEED);
			if (page === mei) await expect(notesOf(page)).toBeVisible();
			await expectNoGraveFindings(page);
		}
	}
});
