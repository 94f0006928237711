import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import * as Y from 'yjs';
import { addProject, moveProject, removeProject, setEntry, setField } from '../../src/doc/mutators.ts';
import { findNotes, projectsOf } from '../../src/doc/schema.ts';
import type { BoardPeer } from '../support/board-peer.ts';
import { until } from '../support/until.ts';
import { expectNoGraveFindings } from './axe.ts';
import { putOnBoard } from './board-server.ts';
import { joinAsNewcomer, joinBoard } from './board-writer.ts';
import { expect, origin, signedIn, test } from './fixtures.ts';
import { BOARD, OUTSIDER, PEOPLE } from './people.ts';

const HISTORY = `/boards/${BOARD}/history`;
const RAILWAY = 'kunyu-tielu-kuoneng';

const rows = (page: Page) => page.locator('[data-change-kind]');
const sittingOf = (page: Page, name: string) =>
	page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name, exact: true }) });
const folds = (page: Page) => page.locator('[data-change-fold]');
const rowIn = (sitting: Locator, text: string) => sitting.getByRole('listitem').filter({ hasText: text });

/** Opens the history and waits until it hears of what happens. */
async function openHistory(page: Page, query = ''): Promise<void> {
	const socket = page.waitForEvent('websocket', (one) => one.url().includes('/sync/'));
	await page.goto(`${HISTORY}${query}`);
	await (await socket).waitForEvent('framereceived');
	await page.getByRole('heading', { level: 1, name: '历史' }).waitFor();
}

async function edit(peer: BoardPeer, change: (doc: Y.Doc) => void): Promise<void> {
	peer.edit(change);
	await peer.saved();
}

async function newProject(peer: BoardPeer, name: string): Promise<string> {
	const projectId = `p-${randomUUID()}`;
	const fields = { name, sector: 'rail' };
	await edit(peer, (doc) => addProject(doc, { projectId, stageId: 'study', index: 0, fields }));
	return projectId;
}

function write(doc: Y.Doc, projectId: string, text: string): void {
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(text)]);
	findNotes(doc, projectId)!.push([paragraph]);
}

test('what two people changed stands there under their names, with what it was and what it is', async ({
	wen
}) => {
	const [mei, bo] = [await joinBoard('mei'), await joinBoard('bo')];
	const projectId = await newProject(mei, '滇中快线');
	await edit(mei, (doc) => moveProject(doc, { projectId, stageId: 'preparation', index: 0 }));
	await edit(mei, (doc) => setField(doc, { projectId, field: 'name', value: '滇中城际快线' }));
	await bo.shows(projectId, '滇中城际快线');
	for (const value of [1_234_000_000, 1_500_000_000])
		await edit(bo, (doc) => setField(doc, { projectId, field: 'totalInvestmentYuan', value }));
	await edit(bo, (doc) => setEntry(doc, { projectId, field: 'cities', key: '530400', value: true }));
	const undo = new Y.UndoManager(projectsOf(bo.doc));
	await edit(bo, (doc) => removeProject(doc, projectId));
	undo.undo();
	await bo.saved();
	await openHistory(wen, `?project=${projectId}`);

	const [byMei, byBo] = [sittingOf(wen, '李梅'), sittingOf(wen, '王波')];
	await expect(byMei).toContainText('昆明市发展和改革委员会');
	await expect(rowIn(byMei, '新增')).toContainText('滇中快线 新增，放在“规划研究”');
	await expect(rowIn(byMei, '移到')).toContainText('阶段 由 规划研究 移到 前期工作');
	await expect(rowIn(byMei, '名称')).toContainText('由 滇中快线 改为 滇中城际快线');
	await expect(byBo).toContainText('玉溪市人民政府');
	await expect(rowIn(byBo, '填为')).toContainText('总投资 填为 12.34 亿元');
	await expect(rowIn(byBo, '15.00')).toContainText('总投资 由 12.34 亿元 改为 15.00 亿元');
	await expect(rowIn(byBo, '所在州（市）')).toContainText('所在州（市）增加 玉溪市');
	await expect(rowIn(byBo, '移出')).toContainText('移出看板，原在“前期工作”');
	await expect(rowIn(byBo, '恢复')).toContainText('恢复到看板，放在“前期工作”');
	await expect(byBo.locator('del')).toHaveText(['12.34 亿元']);
	await expect(rows(wen)).toHaveCount(8);

	await rowIn(byBo, '移出').getByRole('button', { name: '移出时的内容' }).click();
	await expect(rowIn(byBo, '移出').getByRole('definition')).toContainText(['铁路', '玉溪市', '15.00 亿元']);
	await byBo.getByRole('link', { name: '滇中城际快线' }).first().click();
	await expect(wen).toHaveURL(`/boards/${BOARD}/projects/${projectId}`);
	[mei, bo].forEach((peer) => peer.leave());
});

test('notes are compared word by word', async ({ wen }) => {
	const [mei, bo] = [await joinBoard('mei'), await joinBoard('bo')];
	const projectId = await newProject(mei, '备注的项目');
	await edit(mei, (doc) => write(doc, projectId, '资金已经落实，年内开工'));
	await until('the notes came', () => findNotes(bo.doc, projectId)?.length);
	await edit(bo, (doc) => {
		const line = (findNotes(doc, projectId)!.get(0) as Y.XmlElement).get(0) as Y.XmlText;
		line.delete(2, 2);
		line.insert(2, '尚未');
	});
	await openHistory(wen, `?project=${projectId}&kind=notes-edited`);
	const byBo = sittingOf(wen, '王波');
	await expect(byBo.locator('del')).toHaveText('删去：已经');
	await expect(byBo.locator('ins')).toHaveText('加入：尚未');
	await expect(sittingOf(wen, '李梅').locator('ins')).toHaveText('加入：资金已经落实，年内开工');
	[mei, bo].forEach((peer) => peer.leave());
});

test('filters narrow the list, stand in the address, and a link of it shows the same', async ({
	mei,
	wen
}) => {
	const writer = await joinBoard('lan');
	const projectId = await newProject(writer, '筛选的项目');
	await edit(writer, (doc) => moveProject(doc, { projectId, stageId: 'planned', index: 0 }));
	await openHistory(mei);
	await mei.getByRole('button', { name: /^人员/ }).click();
	await mei.getByRole('checkbox', { name: '赵兰' }).click();
	await mei.keyboard.press('Escape');
	await mei.getByRole('button', { name: /^类型/ }).click();
	await mei.getByRole('checkbox', { name: '阶段移动' }).click();
	await mei.keyboard.press('Escape');
	await expect(mei).toHaveURL(/\?actor=[\w-]+&kind=project-moved$/);
	await expect(rows(mei).first()).toContainText('筛选的项目');
	for (const kind of await rows(mei).all())
		await expect(kind).toHaveAttribute('data-change-kind', 'project-moved');
	// what is told, without what each may do about it
	const shown = await rows(mei).getByRole('paragraph').allTextContents();
	await openHistory(wen, new URL(mei.url()).search);
	await expect(rows(wen).getByRole('paragraph')).toHaveText(shown);
	await mei.getByRole('button', { name: /^时间/ }).click();
	await mei.getByLabel('到').fill('2020-01-01');
	await expect(mei.getByText('没有符合筛选的改动')).toBeVisible();
	await expect(mei).toHaveURL(/until=2020-01-02/);
	await mei.keyboard.press('Escape');
	await mei.getByRole('link', { name: '清除筛选' }).first().click();
	await expect(mei).toHaveURL(HISTORY);
	await expect(rows(mei).first()).toBeVisible();
	writer.leave();
});

test('a wrong address is said to be wrong, and leads on', async ({ wen }) => {
	await wen.goto(`${HISTORY}?since=yesterday`);
	await expect(wen.getByText('地址里的“since”无法识别')).toBeVisible();
	await wen.getByRole('link', { name: '清除筛选' }).first().click();
	await expect(rows(wen).first()).toBeVisible();
});

test('what somebody else does appears by itself; for who reads further down it waits', async ({ wen }) => {
	const [mei, bo] = [await joinBoard('mei'), await joinBoard('bo')];
	const projectId = await newProject(mei, '实时的项目');
	await openHistory(wen);
	await edit(mei, (doc) => moveProject(doc, { projectId, stageId: 'construction', index: 0 }));
	const first = wen.getByRole('listitem').first();
	await expect(first).toContainText('李梅');
	await expect(first).toContainText('实时的项目 阶段 由 规划研究 移到 在建');

	const read = rows(wen).nth(30);
	// what the board began with is one row: where little came since, it is opened, which is enough to read on in
	await expect(async () => {
		const beginning = folds(wen).last().getByRole('button', { expanded: false });
		if (!(await read.count()) && (await beginning.count())) await beginning.click();
		await expect(read).toBeAttached({ timeout: 500 });
	}).toPass();
	const place = () => read.boundingBox();
	// scrolling brings older rows, and what was out of sight is laid out in the moments after it came into sight
	await expect(async () => {
		await read.scrollIntoViewIfNeeded();
		await expect(read).toBeInViewport({ timeout: 500 });
		expect(await wen.evaluate(() => scrollY)).toBeGreaterThan(300);
		expect(await place()).toEqual(await place());
	}).toPass();
	const before = await place();
	expect(before).not.toBeNull();
	await bo.shows(projectId, '实时的项目');
	await edit(bo, (doc) => setField(doc, { projectId, field: 'name', value: '实时的项目（改）' }));
	const news = wen.getByRole('button', { name: '1 项新改动' });
	await expect(news).toBeVisible();
	expect(await place()).toEqual(before);
	await news.click();
	await expect(first).toContainText('由 实时的项目 改为 实时的项目（改）');
	await expect(first).toBeInViewport();
	[mei, bo].forEach((peer) => peer.leave());
});

test('notes that go on are one row, which follows them', async ({ wen }) => {
	const mei = await joinBoard('mei');
	const projectId = await newProject(mei, '连续备注');
	await openHistory(wen, `?project=${projectId}&kind=notes-edited`);
	await edit(mei, (doc) => write(doc, projectId, '第一句'));
	await expect(rows(wen)).toHaveCount(1);
	await edit(mei, (doc) => write(doc, projectId, '第二句'));
	await expect(rows(wen).locator('ins')).toHaveText('加入：第一句\n第二句');
	await expect(rows(wen)).toHaveCount(1);
	mei.leave();
});

test('what happened while the line was down is there when it is back', async ({ wen }) => {
	const mei = await joinBoard('mei');
	const projectId = await newProject(mei, '断线的项目');
	await openHistory(wen, `?project=${projectId}`);
	await wen.context().setOffline(true);
	await edit(mei, (doc) => setField(doc, { projectId, field: 'sector', value: 'road' }));
	await expect(rows(wen)).toHaveCount(1);
	await wen.context().setOffline(false);
	await expect(rows(wen).first()).toContainText('领域 由 铁路 改为 公路');
	mei.leave();
});

test('what was done about the board while the line was down is there as well, though nothing was edited', async ({
	wen,
	lan
}) => {
	const socket = wen.waitForEvent('websocket', (one) => one.url().includes('/sync/'));
	await openHistory(wen);
	const closed = (await socket).waitForEvent('close');
	await wen.context().setOffline(true);
	await closed;
	const name = `断线时的会 ${randomUUID()}`;
	const versions = `/api/boards/${BOARD}/versions`;
	const named = await lan.request.post(versions, { headers: { origin: origin() }, data: { name } });
	expect(named.status()).toBe(201);
	await expect(rows(wen).filter({ hasText: name })).toHaveCount(0);
	await wen.context().setOffline(false);
	await expect(rows(wen).filter({ hasText: name })).toHaveCount(1);
});

test('somebody who came to the board while the page was open is named', async ({ wen }) => {
	await openHistory(wen);
	const newcomer = await joinAsNewcomer('孙新');
	await newProject(newcomer, '新人的项目');
	const sitting = sittingOf(wen, '孙新');
	await expect(sitting).toContainText('昆明市人民政府');
	await expect(sitting).toContainText('新人的项目');
	newcomer.leave();
});

test('on the clock of the documents evidence stands at their dates, back to the oldest', async ({ mei }) => {
	await openHistory(mei, `?project=${RAILWAY}`);
	await mei.getByText('文件日期', { exact: true }).click();
	await expect(mei).toHaveURL(/order=dated/);
	const agreement = mei.getByRole('region', { name: '2011年3月21日' });
	await expect(agreement.getByRole('heading', { name: '《昆玉一体化框架协议》' })).toBeVisible();
	await expect(agreement).toContainText('系统 录入于');
	await expect(agreement).toContainText('“加快…建设” · 建设');
	const days = mei.getByRole('heading', { level: 2 });
	await expect(days.last()).toContainText('2011年3月21日');
	await mei.getByText('录入时间', { exact: true }).click();
	await expect(mei.getByRole('region', { name: '2011年3月21日' })).toHaveCount(0);
	await expect(rows(mei).filter({ hasText: '2011年3月21日' })).toContainText('加入文件依据');
});

test('the whole history comes page by page while one scrolls, each change once, and nothing is drawn anew', async ({
	wen
}) => {
	await openHistory(wen);
	const ofFirstPage = await rows(wen).first().elementHandle();
	const end = wen.getByText('以上是全部记录');
	await expect(async () => {
		await wen.mouse.wheel(0, 20_000);
		await expect(end).toBeInViewport({ timeout: 500 });
	}).toPass();
	let [told, after] = [0, ''];
	do {
		const answer = await wen.request.get(`/api/boards/${BOARD}/changes?limit=500&after=${after}`);
		const page = (await answer.json()) as { changes: unknown[]; next: string | null };
		told += page.changes.length;
		after = page.next ?? '';
	} while (after !== '');
	for (const fold of await folds(wen).all()) await fold.getByRole('button').first().click();
	await expect(rows(wen)).toHaveCount(told);
	expect(told).toBeGreaterThan(50);
	expect(await ofFirstPage?.evaluate((element) => element.isConnected)).toBe(true);
});

test('many changes of one kind are one row, which opens by the keyboard', async ({ wen }) => {
	const mei = await joinBoard('mei');
	await openHistory(wen);
	for (let count = 1; count <= 6; count++) await newProject(mei, `批量项目${count}`);
	const fold = folds(wen).first();
	const button = fold.getByRole('button', { name: /新增 6 个项目/ });
	await expect(button).toHaveAttribute('aria-expanded', 'false');
	await expect(fold.locator('[data-change-kind]')).toHaveCount(0);
	await button.focus();
	await wen.keyboard.press('Enter');
	await expect(button).toHaveAttribute('aria-expanded', 'true');
	await expect(fold.locator('[data-change-kind=project-added]')).toHaveCount(6);
	await newProject(mei, '批量项目7');
	await expect(fold.getByRole('button', { name: /新增 7 个项目/ })).toHaveAttribute('aria-expanded', 'true');
	await expectNoGraveFindings(wen);
	mei.leave();
});

test('who named a moment, and what was refused to whom, stands in the history', async ({ mei, lan }) => {
	const intruder = await joinBoard('wen');
	const [{ id: projectId } = { id: '' }] = intruder.board.projects;
	intruder.edit((doc) => setField(doc, { projectId, field: 'totalInvestmentYuan', value: 5 }));
	await openHistory(mei, '?kind=version-named,version-removed,edit-refused');
	const versions = `/api/boards/${BOARD}/versions`;
	const named = await lan.request.post(versions, { headers: { origin: origin() }, data: { name: '年中会' } });
	const { id } = (await named.json()) as { id: string };
	const byLan = sittingOf(mei, '赵兰');
	await expect(rowIn(byLan, '年中会').first()).toContainText('命名时刻“年中会”');
	await lan.request.delete(`${versions}/${id}`, { headers: { origin: origin() } });
	await expect(rowIn(byLan, '去掉时刻的名称')).toContainText('“年中会”');
	await mei.reload();
	await expect(rowIn(sittingOf(mei, '陈文'), '未被接受').first()).toContainText(
		'总投资的修改未被接受：没有这项权限'
	);
	await mei.getByRole('link', { name: '查看当时的看板' }).first().click();
	await expect(mei).toHaveURL(/\?at=\d+$/);
	intruder.leave();
});

test('the record is checked on demand', async ({ wen }) => {
	await openHistory(wen);
	await wen.getByRole('button', { name: '校验记录' }).click();
	await expect(wen.getByRole('status').filter({ hasText: /全部 \d+ 条记录与写入时一致/ })).toBeVisible();
});

test('an auditor reads it; who is not on the board finds nothing there', async ({ wen, browser }) => {
	const dataDir = process.env.TONGCHOU_DATA_DIR ?? '';
	await putOnBoard(dataDir, 'wen', 'auditor');
	try {
		await openHistory(wen);
		await expect(rows(wen).first()).toBeVisible();
	} finally {
		await putOnBoard(dataDir, 'wen', PEOPLE.wen.role);
	}
	const outsider = await signedIn(browser, OUTSIDER.email);
	for (const address of [HISTORY, `/api/boards/${BOARD}/changes`, `/api/boards/${BOARD}/verify`])
		expect((await outsider.request.get(address)).status(), address).toBe(404);
	expect((await outsider.goto(HISTORY))?.status()).toBe(404);
	await outsider.context().close();
});

test('who is signed out comes to the sign-in page, and from there back', async ({ browser }) => {
	const context = await browser.newContext({ baseURL: origin() });
	const page = await context.newPage();
	await page.goto(`${HISTORY}?order=dated`);
	await expect(page).toHaveURL(`/sign-in?to=${encodeURIComponent(`${HISTORY}?order=dated`)}`);
	expect((await context.request.get(`/api/boards/${BOARD}/changes`)).status()).toBe(401);
	await context.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
	test(`axe finds nothing serious, ${colorScheme}`, async ({ mei }) => {
		await mei.emulateMedia({ colorScheme });
		for (const query of ['', '?order=dated', '?kind=notes-edited', '?since=yesterday']) {
			await mei.goto(`${HISTORY}${query}`);
			await mei.getByRole('heading', { level: 1 }).waitFor();
			await expectNoGraveFindings(mei);
		}
		await mei.goto(HISTORY);
		await mei.getByRole('button', { name: /^时间/ }).click();
		await expectNoGraveFindings(mei);
	});
}
