import { type Browser, type Page, test as base } from '@playwright/test';
import { START_TIMEOUT_MS } from '../support/server-process.ts';
import { startBoardServer } from './board-server.ts';
import { BOARD, PASSWORD, PEOPLE, type PersonKey } from './people.ts';

type StorageState = Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>;

/** Where the server under test answers. */
export function origin(): string {
	const address = process.env.TONGCHOU_ORIGIN;
	if (!address) throw new Error('the worker started no server');
	return address;
}

const signedInStates = new Map<string, StorageState>();

/** A browser context of its own in which a person is signed in (by the real sign-in, once per worker). */
export async function signedIn(browser: Browser, email: string): Promise<Page> {
	const known = signedInStates.get(email);
	const context = await browser.newContext({ baseURL: origin(), ...(known && { storageState: known }) });
	if (!known) {
		const response = await context.request.post('/api/auth/sign-in/email', {
			headers: { origin: origin() },
			data: { email, password: PASSWORD }
		});
		if (!response.ok()) throw new Error(`sign-in of ${email}: ${response.status()} ${await response.text()}`);
		signedInStates.set(email, await context.storageState());
	}
	return context.newPage();
}

/** Opens a page and waits until its scripts answer. */
export async function openPage(page: Page, path: string): Promise<void> {
	await page.goto(path);
	await page.locator('html[data-hydrated]').waitFor();
}

/** Opens the board and waits until it is live and saved. */
export async function openBoard(page: Page, path = ''): Promise<void> {
	await page.goto(`/boards/${BOARD}${path}`);
	await page.locator('[role=status][data-save-state=saved]').waitFor();
}

type People = { [key in PersonKey]: Page };

async function asPerson(browser: Browser, key: PersonKey, use: (page: Page) => Promise<void>): Promise<void> {
	const page = await signedIn(browser, PEOPLE[key].email);
	await use(page);
	await page.context().close();
}

/**
 * `test` with the people as fixtures: each is a page of their own browser context, signed in. Each worker has a real
 * server on a fresh database, with people of three bodies on its board.
 */
export const test = base.extend<People, { server: string }>({
	server: [
		async ({ browserName: _browserName }, use) => {
			const server = await startBoardServer(Object.keys(PEOPLE) as PersonKey[]);
			process.env.TONGCHOU_ORIGIN = server.origin;
			process.env.TONGCHOU_DATA_DIR = server.dataDir;
			await use(server.origin);
			await server.stop();
		},
		{ scope: 'worker', auto: true, timeout: START_TIMEOUT_MS }
	],
	mei: ({ browser }, use) => asPerson(browser, 'mei', use),
	bo: ({ browser }, use) => asPerson(browser, 'bo', use),
	lan: ({ browser }, use) => asPerson(browser, 'lan', use),
	wen: ({ browser }, use) => asPerson(browser, 'wen', use)
});
export { expect } from '@playwright/test';
