import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type * as Y from 'yjs';
import { addProject, moveProject, removeProject, setField } from '../../src/doc/mutators.ts';
import { appendRichText } from '../../src/doc/rich-text-values.ts';
import { findNotes } from '../../src/doc/schema.ts';
import type { BoardPeer } from '../support/board-peer.ts';
import { expectNoGraveFindings } from './axe.ts';
import { joinBoard } from './board-writer.ts';
import { expect, openBoard, openPage, test } from './fixtures.ts';
import { BOARD } from './people.ts';

const COMPARE = `/boards/${BOARD}/history/compare`;

async function edit(peer: BoardPeer, change: (doc: Y.Doc) => void): Promise<void> {
	peer.edit(change);
	await peer.saved();
}

/** A project with notes, and the entry after which it stands there. */
async function newProject(peer: BoardPeer, name: string): Promise<{ projectId: string; seq: number }> {
	const projectId = `p-${randomUUID()}`;
	const fields = { name, sector: 'rail', cities: { '530100': true }, totalInvestmentYuan: 1_234_000_000 };
	await edit(peer, (doc) => addProject(doc, { projectId, stageId: 'study', index: 0, fields }));
	const written = [{ element: 'paragraph', content: [{ text: [{ insert: '九月开工' }] }] }];
	await edit(peer, (doc) => appendRichText(findNotes(doc, projectId)!, written));
	return { projectId, seq: peer.at.seq };
}

const differenceOf = (page: Page, projectId: string) => page.locator(`[data-comparison="${projectId}"]`);
const cardOf = (page: Page, projectId: string) => page.locator(`[data-project-id="${projectId}"]`);

test('what was deleted is looked back at, compared and put back while a colleague edits something else', async ({
	mei,
	bo
}) => {
	const [here, there] = [await joinBoard('mei'), await joinBoard('bo')];
	const { projectId, seq } = await newProject(here, '滇中快线');
	const { projectId: otherId } = await newProject(there, '滇中货线');
	await edit(here, (doc) => setField(doc, { projectId, field: 'name', value: '滇中城际快线' }));
	await openBoard(bo);
	await edit(here, (doc) => removeProject(doc, projectId));
	await expect(cardOf(bo, projectId)).toHaveCount(0);

	await openPage(mei, `${COMPARE}?from=${seq}`);
	const row = differenceOf(mei, projectId);
	await expect(row).toContainText('滇中快线');
	await expect(row).toContainText('移出');
	await row.getByRole('button', { name: '把项目恢复到看板' }).click();
	const dialog = mei.getByRole('dialog', { name: '恢复项目“滇中快线”' });
	await expect(dialog.locator('[data-comparison]')).toContainText('规划研究 · 12.34 亿元');
	await expectNoGraveFindings(mei);
	const renaming = edit(there, (doc) =>
		setField(doc, { projectId: otherId, field: 'name', value: '滇中重载货线' })
	);
	await dialog.getByRole('button', { name: '恢复' }).click();
	await Promise.all([renaming, expect(mei.getByText('已恢复', { exact: true })).toBeVisible()]);

	await expect(cardOf(bo, projectId)).toContainText('滇中快线');
	await expect(cardOf(bo, otherId)).toContainText('滇中重载货线');
	for (const peer of [here, there]) await peer.shows(projectId, '滇中快线');
	await here.shows(otherId, '滇中重载货线');
	expect(here.board).toEqual(there.board);
	expect(findNotes(there.doc, projectId)?.toString()).toContain('九月开工');
	await expect(row).toHaveCount(0);

	await mei.goto(`/boards/${BOARD}/history?project=${projectId}`);
	const sitting = mei.getByRole('listitem').filter({
		has: mei.getByRole('heading', { level: 3, name: '李梅', exact: true })
	});
	await expect(sitting.locator('[data-change-kind]').first()).toContainText('恢复到看板，放在“规划研究”');
});

test('two moments show what was above what is, per field, with the sums of stages and cities', async ({
	wen
}) => {
	const peer = await joinBoard('mei');
	const { projectId, seq } = await newProject(peer, '玉溪绕城');
	await edit(peer, (doc) => setField(doc, { projectId, field: 'totalInvestmentYuan', value: 2_000_000_000 }));
	await edit(peer, (doc) => moveProject(doc, { projectId, stageId: 'construction', index: 0 }));
	await openPage(wen, `${COMPARE}?from=${seq}&to=${peer.at.seq}`);
	const row = differenceOf(wen, projectId);
	await expect(row.locator('del')).toHaveText(['原为规划研究', '原为12.34 亿元']);
	await expect(row.locator('ins')).toHaveText(['现为在建', '现为20.00 亿元']);
	await expect(row.getByRole('link', { name: '玉溪绕城' })).toHaveAttribute(
		'href',
		`/boards/${BOARD}/projects/${projectId}`
	);
	const cities = wen.getByRole('table', { name: '按州（市）' });
	await expect(cities.getByRole('row', { name: '昆明市' })).toContainText('+7.66 亿元');
	await expect(wen.getByRole('table', { name: '按阶段' }).getByRole('row', { name: '在建' })).toContainText(
		'+1'
	);
	// a viewer looks and changes nothing
	await expect(wen.getByRole('button', { name: '恢复' })).toHaveCount(0);
	await wen.getByRole('searchbox').fill('没有这个');
	await expect(wen.getByText('没有符合条件的差别')).toBeVisible();
	await wen.getByRole('searchbox').fill('20.00');
	await expect(row).toBeVisible();
	await expectNoGraveFindings(wen);
});

test('a comparison is saved as a table in which nothing is a formula', async ({ mei }) => {
	const peer = await joinBoard('mei');
	const { projectId, seq } = await newProject(peer, '曲靖机场');
	await edit(peer, (doc) => setField(doc, { projectId, field: 'name', value: '=1+1' }));
	await openPage(mei, `${COMPARE}?from=${seq}&to=${peer.at.seq}`);
	const [download] = await Promise.all([
		mei.waitForEvent('download'),
		mei.getByRole('button', { name: '导出 CSV' }).click()
	]);
	expect(download.suggestedFilename()).toBe(`看板比较-${BOARD}.csv`);
	const text = await readFile(await download.path(), 'utf8');
	expect(text).toBe(
		`\ufeff项目,编号,类型,字段,原为,现为\r\n'=1+1,${projectId},有修改,名称,曲靖机场,'=1+1\r\n`
	);
});

test('a field is put back from the history, and that is taken back', async ({ mei }) => {
	const peer = await joinBoard('bo');
	const { projectId } = await newProject(peer, '楚雄产业园');
	await edit(peer, (doc) => setField(doc, { projectId, field: 'name', value: '楚雄产业新城' }));
	await openPage(mei, `/boards/${BOARD}/history?project=${projectId}`);
	await mei.locator('[data-change-kind=field-set]').getByRole('button', { name: '恢复' }).click();
	const dialog = mei.getByRole('dialog');
	await expect(dialog.locator('del')).toContainText('楚雄产业新城');
	await expect(dialog.locator('ins')).toContainText('楚雄产业园');
	await dialog.getByRole('button', { name: '恢复' }).click();
	await peer.shows(projectId, '楚雄产业园');
	await mei.getByRole('button', { name: '撤销' }).click();
	await peer.shows(projectId, '楚雄产业新城');
	await expect(mei.locator('[data-change-kind=field-set]')).toHaveCount(3);
});

test('an open project tells its changes as they come, and puts them back', async ({ mei }) => {
	const peer = await joinBoard('bo');
	const { projectId } = await newProject(peer, '红河水库');
	await openBoard(mei, `/projects/${projectId}`);
	await mei.getByRole('tab', { name: '变更记录' }).click();
	const changes = mei.locator('[data-project-history]');
	await expect(changes).toContainText('新增，放在“规划研究”');
	await expectNoGraveFindings(mei);
	await edit(peer, (doc) => setField(doc, { projectId, field: 'name', value: '红河大型水库' }));
	const row = changes.locator('[data-change-kind=field-set]');
	await expect(row).toContainText('王波');
	await row.getByRole('button', { name: '恢复' }).click();
	await mei
		.getByRole('dialog', { name: /^恢复“.*”的名称$/ })
		.getByRole('button', { name: '恢复' })
		.click();
	await peer.shows(projectId, '红河水库');
	await expect(changes.locator('[data-change-kind=field-set]')).toHaveCount(2);
	await expect(row.first()).toContainText('李梅');
});

test('an address that is no moment says so and offers the beginning', async ({ wen }) => {
	await openPage(wen, `${COMPARE}?from=2001-01-01T00:00`);
	await expect(wen.getByText('看板在这个时刻还没有建立。')).toBeVisible();
	await wen.getByRole('link', { name: '从看板建立时比较' }).click();
	await expect(wen.getByRole('heading', { level: 2 })).toContainText('与 现在 相比');
	await openPage(wen, `${COMPARE}?from=2999-01-01T00:00`);
	await expect(wen.getByText('时刻无效，或还没有到来。')).toBeVisible();
});

test('the address people guess leads to the comparison', async ({ wen }) => {
	await wen.goto(`/boards/${BOARD}/compare?from=1`);
	await expect(wen).toHaveURL(`${COMPARE}?from=1`);
});
