import type { Page } from '@playwright/test';
import * as Y from 'yjs';
import { findNotes } from '../../src/doc/schema.ts';
import { joinBoard } from './board-writer.ts';
import { expect, test } from './fixtures.ts';
import { committed, noteLines, notesOf, openNotes, openProject, panelOf, savedSign } from './project-page.ts';

const LINK_ROAD = 'yukun-hukun-lianjiexian';
const SOUTH = 'yumo-tielu';
const EXPRESSWAY = 'luliang-xundian-gaosu';

/** Pastes as somebody does who copied it elsewhere. */
const paste = (page: Page, type: 'text/html' | 'text/plain', content: string) =>
	notesOf(page).evaluate(
		(editor, [kind, text]) => {
			const clipboardData = new DataTransfer();
			clipboardData.setData(kind!, text!);
			editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
		},
		[type, content]
	);
const readNotes = (page: Page) => panelOf(page).locator('[data-field=notes]');

test('pasted markup is text, or nothing: no script, no image, no link but to pages and mailboxes', async ({
	mei,
	wen
}) => {
	const told: string[] = [];
	for (const page of [mei, wen])
		page.on('dialog', (dialog) => (told.push(dialog.message()), dialog.dismiss()));
	await openNotes([mei], EXPRESSWAY);
	await openProject(wen, EXPRESSWAY);
	await notesOf(mei).focus();
	await paste(
		mei,
		'text/html',
		`<h2 onclick="alert(1)">标题</h2><p><img src=x onerror="alert(2)"><script>alert(3)</script>
		<a href="javascript:alert(4)">坏链接</a> <a href="tel:1">电话</a> <a href="https://www.yn.gov.cn/">好链接</a></p>
		<iframe srcdoc="<script>alert(5)</script>"></iframe><svg onload="alert(6)"></svg><table><tr><td>格</td></tr></table>`
	);
	await notesOf(mei).press('End');
	await notesOf(mei).pressSequentially('<img src=x onerror=alert(7)> <script>alert(8)</script>');
	await savedSign(mei).waitFor();
	for (const notes of [notesOf(mei), readNotes(wen)]) {
		await expect(notes).toContainText('<img src=x onerror=alert(7)> <script>alert(8)</script>');
		await expect(notes).toContainText('坏链接');
		await expect(notes.locator('img, script, iframe, svg[onload], [onclick], [onerror]')).toHaveCount(0);
		const addresses = await notes
			.locator('a')
			.evaluateAll((links) => links.map((a) => a.getAttribute('href')));
		expect(addresses).toEqual(['https://www.yn.gov.cn/']);
	}
	expect(told).toEqual([]);
});

test('the toolbar sets words off for everybody, and a link only to where one may lead', async ({
	mei,
	wen
}) => {
	await openNotes([mei], LINK_ROAD);
	await openProject(wen, LINK_ROAD);
	await expect(panelOf(mei).getByText('大家可以同时写')).toBeVisible();
	await notesOf(mei).pressSequentially('云南省');
	await expect(panelOf(mei).getByText('大家可以同时写')).toBeHidden();
	await notesOf(mei).press('Control+a');
	const tools = panelOf(mei).getByRole('toolbar', { name: '备注格式' });
	await tools.getByRole('button', { name: '加粗' }).click();
	await expect(tools.getByRole('button', { name: '加粗' })).toHaveAttribute('aria-pressed', 'true');
	await tools.getByRole('button', { name: '链接' }).click();
	const dialog = mei.getByRole('dialog', { name: '链接' });
	await expect(dialog.getByLabel('地址')).toBeFocused();
	await mei.keyboard.type('javascript:alert(1)');
	await dialog.getByRole('button', { name: '确定' }).click();
	await expect(dialog).toContainText('链接只能是网址');
	await dialog.getByLabel('地址').fill('www.yn.gov.cn');
	await dialog.getByRole('button', { name: '确定' }).click();
	await expect(notesOf(mei)).toBeFocused();
	await tools.getByRole('button', { name: '项目符号列表' }).click();
	const link = readNotes(wen).locator('ul li strong a, ul li a strong').first();
	await expect(readNotes(wen).locator('ul li a')).toHaveAttribute('href', 'https://www.yn.gov.cn');
	await expect(link).toHaveText('云南省');
	await expect(readNotes(wen).locator('[contenteditable=true], [role=toolbar]')).toHaveCount(0);
});

test('what does not fit into notes is not put in, and that is said', async ({ mei }) => {
	await openNotes([mei], LINK_ROAD);
	const before = await committed(mei);
	await paste(mei, 'text/plain', '长'.repeat(100_001));
	await expect(mei.getByText('放不进备注')).toBeVisible();
	expect((await committed(mei)).seq).toBe(before.seq);
	await expect(savedSign(mei)).toBeVisible();
});

test('notes another program wrote in its own way are shown as they are and never changed by opening them', async ({
	mei
}) => {
	const peer = await joinBoard('bo');
	peer.edit((doc) => {
		const item = new Y.XmlElement('listItem');
		item.insert(0, [new Y.XmlText('列表外的一条')]);
		findNotes(doc, SOUTH)!.insert(0, [item]);
	});
	await peer.saved();
	await openProject(mei, SOUTH);
	await expect(readNotes(mei)).toContainText('列表外的一条');
	await expect(readNotes(mei)).toContainText('备注里有此处无法编辑的内容');
	await expect(notesOf(mei)).toHaveCount(0);
	expect(noteLines(peer.doc, SOUTH)[0]).toBe('列表外的一条');
	peer.edit((doc) => findNotes(doc, SOUTH)!.delete(0));
	await peer.saved();
	peer.leave();
});

test('a heading without its level is shown and not completed by looking at it', async ({ mei }) => {
	const peer = await joinBoard('bo');
	peer.edit((doc) => {
		const heading = new Y.XmlElement('heading');
		heading.insert(0, [new Y.XmlText('没有级别的标题')]);
		findNotes(doc, SOUTH)!.insert(0, [heading]);
	});
	await peer.saved();
	await openNotes([mei], SOUTH);
	const { seq } = await committed(mei);
	await notesOf(mei).click();
	await notesOf(mei).press('Control+a');
	await mei.keyboard.press('Escape');
	// an edit of somebody else's that is heard afterwards proves that nothing of these is still under way
	peer.edit((doc) => findNotes(doc, SOUTH)!.delete(0));
	await peer.saved();
	await expect(notesOf(mei)).not.toContainText('没有级别的标题');
	expect((await committed(mei)).seq).toBe(seq + 1);
	peer.leave();
});
