import { randomUUID } from 'node:crypto';
import { addProject, removeProject } from '../../src/doc/mutators.ts';
import { expectNoGraveFindings } from './axe.ts';
import { joinBoard } from './board-writer.ts';
import { expect, test } from './fixtures.ts';
import {
	committedProject,
	inputOf,
	noteLines,
	notesOf,
	openProject,
	panelOf,
	savedSign
} from './project-page.ts';

test('who edited a project offline that was removed meanwhile is told, and gets both back with one click', async ({
	mei
}) => {
	test.slow(); // the line is lost and comes back
	const bo = await joinBoard('bo');
	const projectId = `p-${randomUUID()}`;
	const fields = { name: '离线的项目', sector: 'rail' };
	bo.edit((doc) => addProject(doc, { projectId, stageId: 'study', index: 0, fields }));
	await bo.saved();
	await openProject(mei, projectId);
	await mei.context().setOffline(true);
	await expect(mei.locator('[role=status][data-save-state=offline]')).toBeVisible();
	await inputOf(mei, 'totalInvestmentYuan').fill('12.34');
	await inputOf(mei, 'totalInvestmentYuan').press('Enter');
	await notesOf(mei).click();
	await mei.keyboard.type('征地已完成，三户未签。');
	bo.edit((doc) => removeProject(doc, projectId));
	await bo.saved();
	await mei.context().setOffline(false);

	const tray = mei.getByRole('status').filter({ hasText: '未被接受的修改' });
	await expect(tray).toContainText('离线的项目');
	await expect(tray.getByRole('definition')).toHaveText(['1,234,000,000 元', '征地已完成，三户未签。']);
	await expectNoGraveFindings(mei);
	await expect(tray).toContainText('玉溪市人民政府 王波 已把项目移出看板');
	await tray.getByRole('button', { name: '恢复项目和修改：“离线的项目”' }).click();
	await expect(tray).toHaveCount(0);
	await expect(inputOf(mei, 'totalInvestmentYuan')).toHaveValue('12.34');
	await expect(panelOf(mei)).not.toContainText('已移出看板');
	await expect(savedSign(mei)).toBeVisible();
	expect(await committedProject(mei, projectId)).toMatchObject({ totalInvestmentYuan: 1_234_000_000 });
	await expect(notesOf(mei)).toHaveText('征地已完成，三户未签。');
	await bo.shows(projectId, '离线的项目');
	await expect.poll(() => noteLines(bo.doc, projectId)).toEqual(['征地已完成，三户未签。']);
	bo.leave();
});
