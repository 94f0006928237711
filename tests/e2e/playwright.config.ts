import { defineConfig } from '@playwright/test';
import { chromiumOptions } from '../support/chromium.ts';

export default defineConfig({
	testDir: '.',
	outputDir: '../../test-results',
	// beside the unit tests there is one core for them, and much of a test is waiting
	workers: 2,
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
		// `TRACE=1` keeps what the pages held at each step of a failed test: it takes a third of the tests' own time again
		trace: process.env.TRACE ? { mode: 'retain-on-failure', screenshots: false } : 'off'
	}
});
