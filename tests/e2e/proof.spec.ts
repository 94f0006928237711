import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expectNoGraveFindings } from './axe.ts';
import { putOnBoard } from './board-server.ts';
import { tongchouOnServer } from './board-writer.ts';
import { expect, openPage, test } from './fixtures.ts';
import { BOARD, PEOPLE } from './people.ts';

const HISTORY = `/boards/${BOARD}/history`;

/** Presses something that gives a file; its name and text. */
async function fileFrom(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
	const coming = page.waitForEvent('download');
	await press();
	const download = await coming;
	return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

test('the history is taken away as the filters show it', async ({ wen }) => {
	await openPage(wen, `${HISTORY}?kind=project-added`);
	await wen.getByRole('button', { name: '导出' }).click();
	await expect(wen.getByText('导出符合筛选的改动')).toBeVisible();
	const csv = await fileFrom(wen, () => wen.getByRole('menuitem', { name: 'CSV' }).click());
	expect(csv.name).toMatch(/^history-dianzhong-.*\.csv$/);
	const lines = csv.text.trim().split(/\r\n(?=\d+,\d{4}-)/);
	expect(lines[0]).toContain('记录号');
	expect(lines.length).toBeGreaterThan(50);
	for (const line of lines.slice(1)) expect(line).toContain('新增与恢复');
	await expect(wen).toHaveURL(/kind=project-added/);
});

test('the check of the record says what it is worth; an auditor takes the proof away', async ({ wen }) => {
	await tongchouOnServer(['history', 'root']);
	await openPage(wen, HISTORY);
	const verify = async () => {
		await wen.getByRole('button', { name: '校验记录' }).click();
		await expect(wen.locator('[data-proof=sound]')).toBeVisible();
	};
	await verify();
	const told = wen.getByRole('status').filter({ hasText: '条记录与写入时一致' });
	await expect(told).toContainText('的签名根覆盖到第');
	await expect(told).toContainText('局限：');
	await expect(wen.getByRole('link', { name: '下载签名根' })).toHaveCount(0);
	await expectNoGraveFindings(wen);
	const dataDir = process.env.TONGCHOU_DATA_DIR ?? '';
	await putOnBoard(dataDir, 'wen', 'auditor');
	try {
		await wen.reload();
		await wen.locator('html[data-hydrated]').waitFor();
		await verify();
		const roots = await fileFrom(wen, () => wen.getByRole('link', { name: '下载签名根' }).click());
		expect(roots.text).toContain('tongchou-root/1');
		const key = await fileFrom(wen, () => wen.getByRole('link', { name: '下载公钥' }).click());
		expect(key.text).toContain('BEGIN PUBLIC KEY');
	} finally {
		await putOnBoard(dataDir, 'wen', PEOPLE.wen.role);
	}
});
