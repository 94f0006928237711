import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { addProject, moveProject, removeProject, setField } from '../../src/doc/mutators.ts';
import { projectsOf } from '../../src/doc/schema.ts';
import type { BoardPeer } from '../support/board-peer.ts';
import { expectNoGraveFindings } from './axe.ts';
import { joinBoard } from './board-writer.ts';
import { expect, openBoard, openPage, test } from './fixtures.ts';
import { BOARD } from './people.ts';

const column = (page: Page, stage: string) => page.locator(`[data-stage-id="${stage}"]`);
const card = (page: Page, projectId: string) => page.locator(`[data-project-id="${projectId}"]`);
const band = (page: Page) => page.locator('[data-past-band]');
const slider = (page: Page) => page.getByRole('slider', { name: '看板的时刻' });
const step = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** The number of the board's last entry. */
async function headOf(page: Page): Promise<number> {
	const { seq } = (await (await page.request.get(`/api/boards/${BOARD}`)).json()) as { seq: number };
	return seq;
}

async function edit(peer: BoardPeer, change: () => void): Promise<void> {
	change();
	await peer.saved();
}

/** A project that goes from study to construction in three entries. */
async function travelled(peer: BoardPeer, name: string): Promise<string> {
	const projectId = `p-${randomUUID()}`;
	const fields = { name, sector: 'rail' as const };
	await edit(peer, () =>
		peer.edit((doc) => addProject(doc, { projectId, stageId: 'study', index: 0, fields }))
	);
	for (const stageId of ['preparation', 'construction'])
		await edit(peer, () => peer.edit((doc) => moveProject(doc, { projectId, stageId, index: 0 })));
	return projectId;
}

async function openTimeBar(page: Page): Promise<void> {
	await page.getByRole('button', { name: '时间轴', exact: true }).click();
	await slider(page).waitFor();
	await page.getByLabel('步长').click();
	await page.getByRole('option', { name: '逐条记录' }).click();
}

test('back in time a card stands where it stood, and now it stands where it is', async ({ mei, wen }) => {
	const peer = await joinBoard('bo');
	const projectId = await travelled(peer, '时间里的铁路');
	await openBoard(mei);
	await expect(column(mei, 'construction').locator(card(mei, projectId))).toBeVisible();
	await openTimeBar(mei);
	await step(mei, '后退一步').click();
	await expect(column(mei, 'preparation').locator(card(mei, projectId))).toBeVisible();
	await expect(band(mei)).toContainText('只读');
	await expect(mei).toHaveURL(/\?at=\d+$/);

	await step(mei, '后退一步').click();
	await expect(column(mei, 'study').locator(card(mei, projectId))).toBeVisible();
	await step(mei, '后退一步').click();
	await expect(card(mei, projectId)).toHaveCount(0);

	await step(mei, '播放').click();
	await expect(column(mei, 'construction').locator(card(mei, projectId))).toBeVisible();
	await expect(mei).toHaveURL(`/boards/${BOARD}`);
	await expect(band(mei)).toHaveCount(0);
	await expect(step(mei, '播放')).toBeVisible();

	// what others do meanwhile is on the board when one comes back
	await step(mei, '后退一步').click();
	await expect(band(mei)).toBeVisible();
	await edit(peer, () => peer.edit((doc) => moveProject(doc, { projectId, stageId: 'operation', index: 0 })));
	await expect(column(mei, 'preparation').locator(card(mei, projectId))).toBeVisible();
	await mei.getByRole('link', { name: '回到现在' }).click();
	await expect(column(mei, 'operation').locator(card(mei, projectId))).toBeVisible();
	await expect(mei.locator('[role=status][data-save-state=saved]')).toBeVisible();

	// a viewer may look back as well
	await openBoard(wen);
	await openTimeBar(wen);
	await step(wen, '后退一步').click();
	await expect(band(wen)).toContainText('只读');
	peer.leave();
});

test('a moment has an address: whole board and project, read-only, without a line to the server', async ({
	mei
}) => {
	const peer = await joinBoard('bo');
	const projectId = await travelled(peer, '有地址的项目');
	const then = (await headOf(mei)) - 1;
	await edit(peer, () =>
		peer.edit((doc) => setField(doc, { projectId, field: 'name', value: '后来的名字' }))
	);
	await edit(peer, () => peer.edit((doc) => removeProject(doc, projectId)));
	let sockets = 0;
	mei.on('websocket', () => sockets++);
	await openPage(mei, `/boards/${BOARD}?at=${then}`);
	await expect(band(mei)).toContainText(`第 ${then} 条记录之后`);
	await expect(column(mei, 'preparation').locator(card(mei, projectId))).toBeVisible();
	for (const name of [/^在“.+”添加项目/, '撤销', '添加阶段'])
		await expect(mei.getByRole('button', { name })).toHaveCount(0);

	await mei.getByRole('searchbox').fill('有地址');
	await expect(mei.locator('[data-project-id]')).toHaveCount(1);
	await card(mei, projectId).press('Enter');
	await expect(mei).toHaveURL(`/boards/${BOARD}/projects/${projectId}?at=${then}`);
	const panel = mei.locator('[data-project-panel]');
	await expect(panel).toContainText('有地址的项目');
	await expect(panel).toContainText('前期工作');
	await expect(panel.getByRole('textbox')).toHaveCount(0);
	await expectNoGraveFindings(mei);
	await mei.keyboard.press('Escape');
	await expect(mei).toHaveURL(`/boards/${BOARD}?at=${then}`);
	expect(sockets).toBe(0);

	await mei.getByRole('link', { name: '回到现在' }).click();
	await mei.locator('[role=status][data-save-state=saved]').waitFor();
	await expect(card(mei, projectId)).toHaveCount(0);
	expect(sockets).toBe(1);
	peer.leave();
});

test('an address of a moment that is none is not there', async ({ mei }) => {
	for (const at of ['999999999', 'yesterday', '2001-01-01T00:00:00Z']) {
		const answer = await mei.goto(`/boards/${BOARD}?at=${at}`);
		expect(answer?.status()).toBe(404);
	}
});

test('the time bar is worked by the keyboard alone', async ({ mei }) => {
	const peer = await joinBoard('bo');
	const projectId = await travelled(peer, '键盘上的项目');
	await openBoard(mei);
	await openTimeBar(mei);
	await slider(mei).focus();
	await expect(slider(mei)).toHaveAttribute('aria-valuetext', '现在');
	await mei.keyboard.press('ArrowLeft');
	await expect(column(mei, 'preparation').locator(card(mei, projectId))).toBeVisible();
	await expect(slider(mei)).toHaveAttribute('aria-valuetext', /第 \d+ 条记录之后/);
	await expect(slider(mei)).toBeFocused();
	await mei.keyboard.press('ArrowLeft');
	await expect(column(mei, 'study').locator(card(mei, projectId))).toBeVisible();
	await mei.keyboard.press('Home');
	await expect(card(mei, projectId)).toHaveCount(0);
	await expect(slider(mei)).toBeFocused();
	await expectNoGraveFindings(mei);
	await mei.keyboard.press('End');
	await expect(column(mei, 'construction').locator(card(mei, projectId))).toBeVisible();
	await expect(mei).toHaveURL(`/boards/${BOARD}`);
	await mei.keyboard.press('PageDown');
	await expect(mei).toHaveURL(/\?at=\d+$/);
	await mei.keyboard.press('PageUp');
	await expect(mei).toHaveURL(`/boards/${BOARD}`);
	peer.leave();
});

test('the handle is dragged to a moment', async ({ mei }) => {
	await openBoard(mei);
	await openTimeBar(mei);
	const box = (await slider(mei).boundingBox())!;
	const middle = box.y + box.height / 2;
	await mei.mouse.move(box.x + box.width - 2, middle);
	await mei.mouse.down();
	await mei.mouse.move(box.x + 2, middle, { steps: 8 });
	await expect(band(mei)).toBeVisible();
	await mei.mouse.up();
	await expect(mei).toHaveURL(/\?at=\d{4}-/);
	await expect(band(mei)).toContainText('正在查看');
});

test('on the documents’ clock the board shows what documents of a date said', async ({ mei }) => {
	await openBoard(mei);
	await openTimeBar(mei);
	await mei.getByText('文件日期', { exact: true }).click();
	await expect(band(mei)).toContainText('依据截至 2026年5月19日 的文件');
	await step(mei, '回到最早').click();
	await expect(mei).toHaveURL(/\?said=2011-03-21$/);
	await expect(band(mei)).toContainText('个项目当时没有文件提到');
	await expect(column(mei, 'unmentioned')).toHaveAccessibleName(/^当时没有文件提到/);
	await expect(column(mei, 'unmentioned').locator('[data-project-id]').first()).toBeVisible();

	await step(mei, '前进一步').click();
	await expect(band(mei)).toContainText('依据截至 2014年5月 的文件');
	await openPage(mei, `/boards/${BOARD}?said=2011-03-21`);
	await expect(band(mei)).toContainText('依据截至 2011年3月21日 的文件');
	// every card outside of that column cites a document of that date
	const dated = mei.locator('[data-stage-id]:not([data-stage-id=unmentioned]) [data-project-id]');
	for (const text of await dated.allTextContents()) expect(text).toContain('2011年3月21日');
	await expectNoGraveFindings(mei);
});

test('a moment gets a name, and is opened by it', async ({ mei, wen }) => {
	const peer = await joinBoard('bo');
	test.slow(); // named, found by its flag, compared, renamed
	const projectId = await travelled(peer, '会上的项目');
	for (const page of [mei, wen]) {
		await openBoard(page);
		await openTimeBar(page);
	}
	await step(mei, '后退一步').click();
	await expect(column(mei, 'preparation').locator(card(mei, projectId))).toBeVisible();
	await mei.getByRole('button', { name: '命名此刻' }).click();
	const dialog = mei.getByRole('dialog', { name: '命名此刻' });
	await dialog.getByRole('button', { name: '保存' }).click();
	await expect(dialog).toContainText('请填写名称');
	await dialog.getByLabel('名称').fill('第三季度调度会');
	await dialog.getByLabel('说明').fill('五市都在');
	await dialog.getByRole('button', { name: '保存' }).click();
	await expect(dialog).toHaveCount(0);
	await expect(band(mei)).toContainText('第三季度调度会');
	await mei.getByRole('link', { name: '回到现在' }).click();
	await expect(mei).toHaveURL(`/boards/${BOARD}`);
	const flagOn = (page: Page) =>
		page.getByRole('list', { name: '命名的时刻' }).getByRole('button', { name: /^第三季度调度会/ });
	await expect(flagOn(wen)).toBeVisible(); // who has the bar open need not open it again
	await flagOn(mei).focus();
	await mei.keyboard.press('Enter');
	await expect(column(mei, 'preparation').locator(card(mei, projectId))).toBeVisible();
	await expect(mei).toHaveURL(/\?at=\d+$/);
	await openPage(wen, `/boards/${BOARD}/history/compare`);
	await wen.getByRole('button', { name: '命名的时刻' }).click();
	await wen.getByRole('menuitem', { name: /^第三季度调度会/ }).click();
	await expect(wen).toHaveURL(/\?from=\d+$/);
	await expect(wen.locator(`[data-comparison="${projectId}"]`)).toContainText('前期工作');

	await openPage(wen, `/boards/${BOARD}/history`);
	await wen.getByRole('button', { name: '命名的时刻' }).click();
	const list = wen.getByRole('dialog', { name: '命名的时刻' });
	await expect(list).toContainText('五市都在');
	await expect(list).toContainText('李梅');
	await expect(list.getByRole('button', { name: /^修改/ })).toHaveCount(0);
	await expectNoGraveFindings(wen);
	await list.getByRole('link', { name: '第三季度调度会' }).click();
	await expect(wen).toHaveURL(/\/boards\/dianzhong\?at=\d+$/);
	await expect(column(wen, 'preparation').locator(card(wen, projectId))).toBeVisible();
	await expect(wen.getByRole('button', { name: '命名此刻' })).toHaveCount(0);

	await openPage(mei, `/boards/${BOARD}/history`);
	await mei.getByRole('button', { name: '命名的时刻' }).click();
	await mei.getByRole('button', { name: '修改 第三季度调度会' }).click();
	await mei.getByRole('dialog', { name: '修改名称与说明' }).getByLabel('名称').fill('三季度调度会');
	await mei.getByRole('button', { name: '保存' }).click();
	await mei.getByRole('button', { name: '去掉名称 三季度调度会' }).click();
	await mei.getByRole('button', { name: '去掉名称', exact: true }).click();
	// where no moment has a name, the dialog has one like this for an example
	await expect(mei.getByRole('button', { name: '去掉名称 三季度调度会' })).toHaveCount(0);
	peer.leave();
});

test('a project that came later says so in the past', async ({ mei }) => {
	const before = await headOf(mei);
	const peer = await joinBoard('bo');
	const projectId = await travelled(peer, '之后才有');
	expect(projectsOf(peer.doc).has(projectId)).toBe(true);
	await openPage(mei, `/boards/${BOARD}/projects/${projectId}?at=${before}`);
	await expect(mei.locator('[data-project-panel]')).toContainText('当时看板上没有这个项目');
	peer.leave();
});
