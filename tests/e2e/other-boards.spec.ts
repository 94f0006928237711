import { tongchouOnServer } from './board-writer.ts';
import { expect, openPage, test } from './fixtures.ts';
import { PEOPLE } from './people.ts';
import { panelOf, savedSign } from './project-page.ts';

const WEST = 'hukun-kezhuan';

async function createBoard(id: string, template: string): Promise<void> {
	await tongchouOnServer(['board', 'create', '--id', id, '--title', `板 ${id}`, '--template', template]);
	const member = ['--email', PEOPLE.mei.email, '--role', 'planner'];
	await tongchouOnServer(['member', 'add', '--board', id, ...member]);
}

test('on a board of the other template the library says that its stages do not fit, and where records go', async ({
	mei
}) => {
	await createBoard('five-batches', 'investment');
	await mei.goto('/boards/five-batches/library?q=沪昆客专');
	await savedSign(mei).waitFor();
	await expect(mei.getByText('加入后放在“谋划”')).toBeVisible();
	await mei.getByRole('button', { name: /加入看板$/ }).click();
	await mei.getByRole('link', { name: /^打开/ }).click();
	await expect(panelOf(mei).locator('[data-field=place]')).toContainText('谋划');
});

test('an archived board is only read: its projects, its notes, its library', async ({ mei }) => {
	await createBoard('closed', 'stages');
	await openPage(mei, '/boards/closed/library?q=沪昆客专');
	await mei.getByRole('button', { name: /加入看板$/ }).click();
	await expect(mei.getByText('已在看板').first()).toBeVisible();
	await savedSign(mei).waitFor();
	await tongchouOnServer(['board', 'archive', 'closed']);
	await mei.goto(`/boards/closed/projects/${WEST}`);
	await expect(panelOf(mei)).toContainText('看板已归档，只能查看。');
	await expect(panelOf(mei).locator('textarea, [contenteditable=true]')).toHaveCount(0);
	await expect(mei.locator('[data-add-project]')).toHaveCount(0);
	await mei.goto('/boards/closed/library');
	await expect(mei.getByText('看板已归档，只能查看。')).toBeVisible();
	await expect(mei.getByRole('button', { name: /加入看板$/ })).toHaveCount(0);
});
