import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expectNoGraveFindings } from './axe.ts';
import { expect, openPage, origin, test } from './fixtures.ts';

const LANGUAGES = ['zh-CN', 'en'] as const;
const THEMES = ['light', 'dark'] as const;
const SECTIONS = [
	'cards',
	'signs',
	'people',
	'buttons',
	'fields',
	'choices',
	'floating',
	'messages',
	'colours',
	'type',
	'elevation'
];

function wordsIn(language: string): Record<string, string> {
	const file = new URL(`../../messages/${language}/gallery.json`, import.meta.url);
	return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

/** Opens the gallery with nothing but the one theme in it. */
async function openGallery(page: Page, language: string, theme: (typeof THEMES)[number]): Promise<void> {
	const words = wordsIn(language);
	await page.context().addCookies([
		{ name: 'PARAGLIDE_LOCALE', value: language, url: origin() },
		{ name: 'theme', value: theme, url: origin() }
	]);
	await openPage(page, `${origin()}/gallery`);
	await page.getByRole('combobox', { name: words.gallery_theme }).click();
	await page.getByRole('option', { name: words[`gallery_theme_${theme}`], exact: true }).click();
}

for (const language of LANGUAGES) {
	for (const theme of THEMES) {
		test(`the gallery shows every section, ${language} ${theme}`, async ({ page }, testInfo) => {
			const words = wordsIn(language);
			await openGallery(page, language, theme);
			await expect(page.locator('html')).toHaveAttribute('lang', language);
			for (const section of SECTIONS) {
				const title = words[`gallery_${section}`];
				await expect(page.getByRole('heading', { level: 2, name: title, exact: true })).toHaveCount(1);
			}
			const picture = testInfo.outputPath(`gallery-${language}-${theme}.png`);
			await page.screenshot({ path: picture, fullPage: true, animations: 'disabled' });
			await testInfo.attach('gallery', { path: picture, contentType: 'image/png' });
			await expectNoGraveFindings(page);
		});
	}
}

test('the gallery fits a telephone', async ({ page }) => {
	await page.setViewportSize({ width: 390, height: 800 });
	await openGallery(page, 'zh-CN', 'light');
	const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	expect(overflow).toBeLessThanOrEqual(0);
});
