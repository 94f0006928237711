import type { Page } from '@playwright/test';
import { expectNoGraveFindings } from './axe.ts';
import { expect, openBoard, openPage, test } from './fixtures.ts';
import { BOARD } from './people.ts';
import { committedProject, inputOf, openProject, panelOf, placeOf, savedSign } from './project-page.ts';

const WATER = 'dianzhong-yinshui';
const HIGHSPEED = 'yukun-gaotie';

async function type(page: Page, field: string, text: string): Promise<void> {
	await inputOf(page, field).fill(text);
	await inputOf(page, field).press('Enter');
}

/** One person goes off the line, both type, and the first one comes back. */
async function setApart(away: Page, stays: Page, { field, of }: { field: string; of: [string, string] }) {
	await away.context().setOffline(true);
	await away.locator('[role=status][data-save-state=offline]').waitFor();
	await type(away, field, of[0]);
	await type(stays, field, of[1]);
	await savedSign(stays).waitFor();
	await away.context().setOffline(false);
	await savedSign(away).waitFor();
}

const clashIn = (page: Page, field: string) => placeOf(page, field).locator('[data-clash]');
/** What a tray says of one field. */
const inTray = (page: Page, what: string) => tray(page).getByRole('listitem').filter({ hasText: what });
const tray = (page: Page) => page.locator('[data-clash-tray]');
const listButton = (page: Page) => page.getByRole('button', { name: /冲突 \d+ 处/ });

test('two people apart set one amount: both are told in place, one chooses, and all end alike', async ({
	mei,
	bo,
	lan
}) => {
	test.slow(); // three browsers, and two lines that have to come back
	await Promise.all([openProject(mei, WATER), openProject(bo, WATER), openBoard(lan)]);
	await setApart(mei, bo, { field: 'totalInvestmentYuan', of: ['901', '902'] });
	await expect(clashIn(mei, 'totalInvestmentYuan')).toContainText('您与王波同时修改了总投资');
	await expect(clashIn(bo, 'totalInvestmentYuan')).toContainText('您与李梅同时修改了总投资');
	for (const page of [mei, bo]) {
		const notice = clashIn(page, 'totalInvestmentYuan');
		await expect(notice).toContainText('901.00 亿元');
		await expect(notice).toContainText('902.00 亿元');
		await expect(page.locator(':focus')).not.toHaveAttribute('data-clash');
		await expect(listButton(page)).toHaveText(/冲突 1 处/);
	}
	await expectNoGraveFindings(mei);
	await expect(tray(lan)).toBeEmpty(); // it is not hers to be told of, though she finds it in the list
	await listButton(lan).click();
	await expect(lan.getByRole('dialog', { name: '待定的修改冲突' })).toContainText('“滇中引水工程”的总投资');
	await expectNoGraveFindings(lan);
	await lan.keyboard.press('Escape');

	await mei.reload(); // what is open stays so
	await savedSign(mei).waitFor();
	const useOther = clashIn(mei, 'totalInvestmentYuan').getByRole('button', { name: /^改用/ });
	const chosen = ((await useOther.textContent()) ?? '').includes('901') ? 901 : 902;
	await useOther.focus();
	await mei.keyboard.press('Enter');
	for (const page of [mei, bo]) {
		await expect(clashIn(page, 'totalInvestmentYuan')).toHaveCount(0);
		await expect(inputOf(page, 'totalInvestmentYuan')).toHaveValue(String(chosen));
	}
	await expect(listButton(lan)).toHaveCount(0);
	expect((await committedProject(mei, WATER))?.totalInvestmentYuan).toBe(chosen * 1e8);

	await openPage(mei, `/boards/${BOARD}/history?project=${WATER}&kind=clash`);
	const row = mei.locator('[data-change-kind=clash]').first();
	for (const text of ['901.00 亿元', '902.00 亿元', '（李梅）', '（王波）'])
		await expect(row).toContainText(text);
	await expectNoGraveFindings(mei);
});

test('who is elsewhere is told in the tray, puts it off, and the other keeps what stands', async ({
	mei,
	bo
}) => {
	await Promise.all([openProject(mei, HIGHSPEED), openProject(bo, HIGHSPEED)]);
	await setApart(mei, bo, { field: 'investmentSource', of: ['可研批复', '初设批复'] });
	await openBoard(mei);
	const notice = inTray(mei, '您与王波同时修改了“渝昆高铁');
	await notice.getByRole('button', { name: '稍后再定' }).click();
	await expect(notice).toHaveCount(0);
	await mei.reload();
	await savedSign(mei).waitFor();
	await expect(listButton(mei)).toBeVisible();
	await expect(notice).toHaveCount(0);
	const before = (await committedProject(bo, HIGHSPEED))?.investmentSource;
	await clashIn(bo, 'investmentSource').getByRole('button', { name: /^保留/ }).click();
	await expect(clashIn(bo, 'investmentSource')).toHaveCount(0);
	await expect(listButton(mei)).toHaveCount(0);
	expect((await committedProject(bo, HIGHSPEED))?.investmentSource).toBe(before);
	await expect(panelOf(bo)).toBeVisible();
});
