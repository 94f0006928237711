import type { Page } from '@playwright/test';
import { joinBoard } from './board-writer.ts';
import { expect, test } from './fixtures.ts';
import { inputOf, noteLines, notesOf, openNotes, placeOf, savedSign } from './project-page.ts';

const WATER = 'dianzhong-yinshui';
const INTERCITY = 'kunyu-chengji';
const HIGHSPEED = 'yukun-gaotie';
const SOUTH = 'yumo-tielu';

const DIGITS = '0123456789'.repeat(10);
const LETTERS = 'abcdefghij'.repeat(10);

/** What a page shows of the notes, carets left out. */
const textOf = (page: Page) =>
	notesOf(page).evaluate((editor) => {
		const copy = editor.cloneNode(true) as HTMLElement;
		for (const caret of copy.querySelectorAll('.rich-text-caret')) caret.remove();
		return copy.innerText;
	});

const onlyDigits = (text: string) => text.replace(/\D/g, '');
const onlyLetters = (text: string) => text.replace(/[^a-z]/g, '');

/** Both wrote at the same time: on each screen and with the server each one's characters are all there, in order. */
async function expectBoth(pages: Page[], projectId: string, typed: { digits: string; letters: string }) {
	for (const page of pages) {
		await expect.poll(async () => onlyDigits(await textOf(page))).toBe(typed.digits);
		await expect.poll(async () => onlyLetters(await textOf(page))).toBe(typed.letters);
		await savedSign(page).waitFor();
	}
	expect(await textOf(pages[0]!)).toBe(await textOf(pages[1]!));
	const peer = await joinBoard('lan');
	const lines = noteLines(peer.doc, projectId).join('\n');
	peer.leave();
	expect([onlyDigits(lines), onlyLetters(lines)]).toEqual([typed.digits, typed.letters]);
}

test('two people who begin empty notes in the same second lose no character', async ({ mei, bo }) => {
	await openNotes([mei, bo], WATER);
	await Promise.all([notesOf(mei).pressSequentially(DIGITS), notesOf(bo).pressSequentially(LETTERS)]);
	await expectBoth([mei, bo], WATER, { digits: DIGITS, letters: LETTERS });
});

test('two people who write in one paragraph at once lose no character, nor does one who breaks the line', async ({
	mei,
	bo
}) => {
	await openNotes([mei, bo], INTERCITY);
	await notesOf(mei).pressSequentially('：');
	await expect(notesOf(bo)).toContainText('：');
	await notesOf(bo).press('Home');
	await notesOf(mei).press('End');
	await Promise.all([notesOf(mei).pressSequentially(DIGITS), notesOf(bo).pressSequentially(LETTERS)]);
	await expectBoth([mei, bo], INTERCITY, { digits: DIGITS, letters: LETTERS });
	await notesOf(mei).press('End');
	await Promise.all([
		notesOf(mei)
			.press('Enter')
			.then(() => notesOf(mei).pressSequentially('9')),
		notesOf(bo).pressSequentially('k')
	]);
	await expectBoth([mei, bo], INTERCITY, { digits: `${DIGITS}9`, letters: `${LETTERS}k` });
});

test('what two people write into the same empty paragraph without a line is all there when it is back', async ({
	mei,
	bo
}) => {
	await openNotes([mei, bo], HIGHSPEED);
	await notesOf(mei).pressSequentially('：');
	await notesOf(mei).press('Enter');
	await expect(notesOf(bo).locator('p')).toHaveCount(2);
	for (const page of [mei, bo]) {
		await notesOf(page).press('Control+End');
		await page.context().setOffline(true);
		await expect(page.locator('[data-save-state=offline]')).toBeVisible();
	}
	await notesOf(mei).pressSequentially('0123456789');
	await notesOf(bo).pressSequentially('abcdefghij');
	for (const page of [mei, bo]) await page.context().setOffline(false);
	await expectBoth([mei, bo], HIGHSPEED, { digits: '0123456789', letters: 'abcdefghij' });
	await Promise.all([notesOf(mei).pressSequentially('0123'), notesOf(bo).pressSequentially('abcd')]);
	await expectBoth([mei, bo], HIGHSPEED, { digits: '01234567890123', letters: 'abcdefghijabcd' });
});

test('the caret of a colleague stands in the text under their name, and goes when they do', async ({
	mei,
	bo
}) => {
	await openNotes([mei, bo], SOUTH);
	await notesOf(bo).pressSequentially('王波在写');
	const caret = notesOf(mei).locator('.rich-text-caret');
	await expect(caret).toHaveText(/王波/);
	await expect(caret).toHaveAttribute('data-presence', /^\d+$/);
	await expect(placeOf(mei, 'notes')).toHaveAttribute('data-presence', /^\d+$/);
	await expect(notesOf(bo).locator('.rich-text-caret')).toHaveCount(0);
	await notesOf(bo).press('Control+a');
	await expect(notesOf(mei).locator('.rich-text-selection')).toHaveText('王波在写');
	await bo.close();
	await expect(caret).toHaveCount(0);
});

test('undo takes back one’s own words and edits in turn, and leaves a colleague’s', async ({ mei, bo }) => {
	await openNotes([mei, bo], SOUTH);
	await notesOf(mei).press('Control+End');
	await notesOf(mei).press('Enter');
	await notesOf(mei).pressSequentially('第一句');
	await expect(notesOf(bo)).toContainText('第一句');
	await notesOf(bo).press('Control+End');
	await notesOf(bo).pressSequentially('别人的话');
	await expect(notesOf(mei)).toContainText('第一句别人的话');
	await inputOf(mei, 'investmentSource').fill('年度计划');
	await inputOf(mei, 'investmentSource').press('Enter');
	await expect(inputOf(bo, 'investmentSource')).toHaveValue('年度计划');
	await notesOf(mei).focus();
	await mei.keyboard.press('Control+z');
	await expect(inputOf(bo, 'investmentSource')).toHaveValue('');
	await expect(notesOf(mei)).toContainText('第一句');
	// how many steps the typing made depends on the pauses in it
	await expect(async () => {
		await mei.keyboard.press('Control+z');
		await expect(notesOf(bo)).not.toContainText('第一句', { timeout: 500 });
	}).toPass();
	await expect(notesOf(bo)).toContainText('别人的话');
	await expect(async () => {
		await mei.keyboard.press('Control+Shift+z');
		await expect(inputOf(bo, 'investmentSource')).toHaveValue('年度计划', { timeout: 500 });
	}).toPass();
	await expect(notesOf(bo)).toContainText('第一句别人的话');
});
