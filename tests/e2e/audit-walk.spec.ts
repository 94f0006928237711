import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { addProject, moveProject, setField } from '../../src/doc/mutators.ts';
import { putOnBoard } from './board-server.ts';
import { joinBoard } from './board-writer.ts';
import { expect, openBoard, test } from './fixtures.ts';
import { BOARD, PEOPLE } from './people.ts';
import { panelOf, placeOf } from './project-page.ts';

/** `WALK_IMAGES=1` makes the pictures of docs/audit-walk.md anew. */
const IMAGES = process.env.WALK_IMAGES ? join(import.meta.dirname, '../../docs/images') : undefined;
const NAME = '滇中环线铁路';

async function picture(page: Page, name: string): Promise<void> {
	if (IMAGES) await page.screenshot({ path: join(IMAGES, `audit-walk-${name}.png`) });
}

/** Wang Bo states an amount, Li Mei moves the project to construction, Wang Bo corrects the amount. */
async function whatHappened(): Promise<string> {
	const [mei, bo] = [await joinBoard('mei'), await joinBoard('bo')];
	const projectId = `p-${randomUUID()}`;
	const amount = (value: number) => {
		bo.edit((doc) => setField(doc, { projectId, field: 'totalInvestmentYuan', value }));
		return bo.saved();
	};
	mei.edit((doc) =>
		addProject(doc, { projectId, stageId: 'preparation', index: 0, fields: { name: NAME, sector: 'rail' } })
	);
	await mei.saved();
	await bo.shows(projectId, NAME);
	await amount(1_234_000_000);
	mei.edit((doc) => moveProject(doc, { projectId, stageId: 'construction', index: 0 }));
	await mei.saved();
	await amount(1_500_000_000);
	[mei, bo].forEach((peer) => peer.leave());
	return projectId;
}

test('an auditor learns in three clicks who moved a project to construction, when, and its amount before', async ({
	wen
}) => {
	test.slow(); // accounts and roles are changed by programs of their own
	const projectId = await whatHappened();
	await putOnBoard(process.env.TONGCHOU_DATA_DIR ?? '', 'wen', 'auditor');
	try {
		await wen.setViewportSize({ width: 1280, height: 800 });
		await openBoard(wen);
		const card = wen.locator(`[data-project-id="${projectId}"]`);
		await card.scrollIntoViewIfNeeded();
		await picture(wen, '1-board');

		await card.getByRole('link', { name: NAME }).click();
		await expect(placeOf(wen, 'place')).toContainText('昆明市发展和改革委员会 李梅');
		await expect(placeOf(wen, 'totalInvestmentYuan')).toContainText('15.00 亿元');
		await picture(wen, '2-project');

		await panelOf(wen).getByRole('tab', { name: '变更记录' }).click();
		const move = wen.locator('[data-change-kind=project-moved]');
		await expect(move).toContainText('阶段 由 前期工作 移到 在建');
		const sitting = wen.getByRole('listitem').filter({ has: move }).first();
		await expect(sitting.getByRole('heading', { name: '李梅' })).toBeVisible();
		await expect(sitting).toContainText('昆明市发展和改革委员会');
		await expect(move.locator('time')).toHaveAttribute('title', /^\d{4}年\d+月\d+日 \d{2}:\d{2}/);
		await move.hover();
		await picture(wen, '3-history');

		await move.getByRole('link', { name: /改动前/ }).click();
		await expect(wen).toHaveURL(new RegExp(`/boards/${BOARD}/projects/${projectId}\\?at=\\d+$`));
		await expect(placeOf(wen, 'totalInvestmentYuan')).toContainText('12.34 亿元');
		await expect(placeOf(wen, 'place')).toContainText('前期工作');
		await picture(wen, '4-before');
	} finally {
		await putOnBoard(process.env.TONGCHOU_DATA_DIR ?? '', 'wen', PEOPLE.wen.role);
	}
});
