import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium as playwright } from '@playwright/test';

const SYSTEM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium that can be driven is on this machine, if there is one. `CHROMIUM` names another. */
export function findChromium(): string | undefined {
	const named = process.env.CHROMIUM;
	if (named) return named;
	return [...SYSTEM_PATHS, playwright.executablePath()].find((path) => existsSync(path));
}

/**
 * Finds a Chromium or installs one: from Debian's packages as root, else Playwright's own build.
 * @throws if neither works; tests in the browser are never left out in silence
 */
export function ensureChromium(): string {
	const found = findChromium();
	if (found) return found;
	console.log('No Chromium found: installing one.');
	if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
		execFileSync('apt-get', ['update', '-q'], { stdio: 'inherit' });
		execFileSync('apt-get', ['install', '-y', '-q', 'chromium', 'fonts-noto-cjk'], { stdio: 'inherit' });
	} else {
		execFileSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit' });
	}
	const installed = findChromium();
	if (!installed) throw new Error('No Chromium could be found or installed; name one in CHROMIUM.');
	return installed;
}

/** Launch options that keep a headless Chromium from asking the network for anything of its own. */
export function chromiumOptions(): { executablePath: string; args: string[] } {
	return {
		executablePath: ensureChromium(),
		args: [
			'--no-sandbox',
			'--disable-quic',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--no-first-run'
		]
	};
}
