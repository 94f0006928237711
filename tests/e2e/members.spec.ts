import { expectBoard, memberRow, membersPage } from './account-pages.ts';
import { expect, openPage, origin, test } from './fixtures.ts';
import { BOARD, PEOPLE } from './people.ts';

test('a coordinator changes a role, takes a person off and puts them back', async ({ lan, wen }) => {
	const row = memberRow(lan, PEOPLE.wen.email);
	await openPage(lan, membersPage);
	await row.getByRole('combobox').click();
	await lan.getByRole('option', { name: '评论者' }).click();
	await expect(lan.getByText('陈文的角色已改为“评论者”')).toBeVisible();
	await openPage(lan, membersPage);
	await expect(row.getByRole('combobox')).toContainText('评论者');

	await row.getByRole('button', { name: '将陈文移出看板' }).click();
	await lan.getByRole('dialog').getByRole('button', { name: '取消' }).click();
	await expect(row).toHaveCount(1);
	await row.getByRole('button', { name: '将陈文移出看板' }).click();
	await lan.getByRole('dialog').getByRole('button', { name: '移出' }).click();
	await expect(row).toHaveCount(0);
	expect((await wen.goto(`/boards/${BOARD}`))?.status()).toBe(404);

	await lan.getByRole('button', { name: '添加成员' }).click();
	await expect(lan.getByText('新建账号')).toHaveCount(0);
	await lan.getByLabel('电子邮箱').fill('nobody@example.cn');
	await lan.getByRole('button', { name: '添加', exact: true }).click();
	await expect(lan.getByText('没有使用这个邮箱的账号')).toBeVisible();
	await lan.getByLabel('电子邮箱').fill(PEOPLE.wen.email);
	await lan.getByRole('combobox', { name: '角色', exact: false }).last().click();
	await lan.getByRole('option', { name: '查看者' }).click();
	await lan.getByRole('button', { name: '添加', exact: true }).click();
	await expect(row.getByRole('combobox')).toContainText('查看者');
	expect((await wen.goto(`/boards/${BOARD}`))?.status()).toBe(200);
});

test('who may not manage members sees the list and no controls, and is refused', async ({ mei }) => {
	await openPage(mei, membersPage);
	const list = mei.getByRole('list', { name: /的成员$/ });
	for (const { name } of [PEOPLE.mei, PEOPLE.bo, PEOPLE.lan]) await expect(list).toContainText(name);
	await expect(mei.getByText('你可以查看成员。')).toBeVisible();
	await expect(mei.getByRole('main').getByRole('button')).toHaveCount(0);
	await expect(mei.getByRole('main').getByRole('combobox')).toHaveCount(0);
	const response = await mei.request.post(`${membersPage}?/add`, {
		headers: { origin: origin(), accept: 'text/html' },
		form: { email: PEOPLE.mei.email, role: 'coordinator' }
	});
	expect(response.status()).toBe(403);
	expect(await response.text()).toContain('你没有权限打开这个页面');
	await mei.getByRole('link', { name: '返回看板' }).click();
	await expectBoard(mei);
});
