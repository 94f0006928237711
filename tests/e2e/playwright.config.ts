import { defineConfig } from '@playwright/test';
import { chromiumOptions } from '../support/chromium.ts';

export default defineConfig({
	testDir: '.',
	outputDir: '../../test-results',
	globalSetup: './global-setup.ts',
	workers: 1,
	timeout: 60_000,
	expect: { timeout: 15_000 },
	reporter: 'list',
	forbidOnly: true,
	use: {
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai',
		viewport: { width: 1440, height: 900 },
		launchOptions: chromiumOptions(),
		screenshot: 'only-on-failure',
		// what the pages held at each step is kept; filming them as well takes more of two cores than the tests themselves can spare
		trace: { mode: 'retain-on-failure', screenshots: false }
	}
});
