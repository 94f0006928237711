import { type Browser, expect, type Page, test } from '@playwright/test';
import * as decoding from 'lib0/decoding';
import { type CatchUp, decodeCatchUp, decodeHello, type Hello, MESSAGE, SYNC } from '#protocol/message.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { startBoardServer } from './board-server.ts';
import { closeTab, keptSeq } from './kept-copy.ts';
import { BOARD, PASSWORD, PEOPLE } from './people.ts';

const RAILWAY = 'kunyu-tielu-kuoneng';
/** An update without anything in it. */
const NOTHING = Buffer.of(0, 0);
let server: ServerProcess;

test.beforeAll(async () => {
	server = await startBoardServer(['mei']);
});
test.afterAll(async () => {
	await server.stop();
});

async function signIn(browser: Browser) {
	const context = await browser.newContext({ baseURL: server.origin });
	const headers = { origin: server.origin };
	const data = { email: PEOPLE.mei.email, password: PASSWORD };
	expect((await context.request.post('/api/auth/sign-in/email', { headers, data })).ok()).toBe(true);
	return context;
}

/** What a page and the server say to each other about the board, from its next connection on. */
class Talk {
	readonly hellos: Hello[] = [];
	readonly catchUps: CatchUp[] = [];
	/** Updates of the page: its answers and its edits. */
	readonly sent: Buffer[] = [];

	constructor(page: Page) {
		page.on('websocket', (socket) => {
			socket.on('framesent', ({ payload }) => this.#hear(payload as Buffer, true));
			socket.on('framereceived', ({ payload }) => this.#hear(payload as Buffer, false));
		});
	}

	#hear(frame: Buffer, isSent: boolean): void {
		const decoder = decoding.createDecoder(new Uint8Array(frame));
		const type = decoding.readVarUint(decoder);
		if (type === MESSAGE.hello && isSent) this.hellos.push(decodeHello(decoder));
		if (type === MESSAGE.catchUp) this.catchUps.push(decodeCatchUp(decoder));
		if (type !== MESSAGE.sync || !isSent || decoding.readVarUint(decoder) === SYNC.step1) return;
		this.sent.push(Buffer.from(decoding.readVarUint8Array(decoder)));
	}

	/** The last entry the page was told it holds. */
	get seq(): number {
		return this.catchUps.at(-1)?.seq ?? 0;
	}
}

async function open(page: Page): Promise<Talk> {
	const talk = new Talk(page);
	await page.goto(`/boards/${BOARD}`);
	await page.locator('[role=status][data-save-state=saved]').waitFor();
	return talk;
}
async function move(page: Page, key: 'ArrowLeft' | 'ArrowRight'): Promise<void> {
	await page.locator(`[data-project-id="${RAILWAY}"]`).focus();
	await page.keyboard.press(`Alt+${key}`);
	await page.locator('[role=status][data-save-state=saved]').waitFor();
}
const stageOf = (page: Page) =>
	page.locator(`[data-stage-id]:has([data-project-id="${RAILWAY}"])`).getAttribute('data-stage-id');

test('who comes back gets what was missed, also after a restart; who opens the board anew gets it packed', async ({
	browser
}) => {
	const context = await signIn(browser);
	const page = await context.newPage();
	const first = await open(page);
	expect(first.hellos[0]).toMatchObject({ version: 2, mark: '' });
	const { seq } = first;
	await move(page, 'ArrowRight');
	await until('the note', async () => first.seq > seq && (await keptSeq(page)) === first.seq);
	const shown = await stageOf(page);
	await page.close();
	await server.stop('SIGTERM');
	server = await startServer({ dataDir: server.dataDir, port: Number(new URL(server.origin).port) });

	const again = await context.newPage();
	const second = await open(again);
	expect(second.hellos[0]).toMatchObject({ version: 2, seq: first.seq });
	expect(second.hellos[0]!.mark).toMatch(/^[0-9a-f]{16}$/);
	expect(second.catchUps[0]).toEqual({ seq: first.seq, mark: second.hellos[0]!.mark, updates: [] });
	expect(second.sent[0]).toEqual(NOTHING);
	expect(await stageOf(again)).toBe(shown);

	const elsewhere = await signIn(browser);
	const fresh = await elsewhere.newPage();
	const third = await open(fresh);
	expect(third.hellos[0]).toMatchObject({ version: 2, mark: '' });
	expect(third.catchUps[0]!.deflated).toBeDefined();
	expect(await stageOf(fresh)).toBe(shown);
	await Promise.all([context.close(), elsewhere.close()]);
});

test('two tabs share one copy: what one of them edits and cannot send, the next to come sends', async ({
	browser
}) => {
	const context = await signIn(browser);
	const [one, two] = [await context.newPage(), await context.newPage()];
	await open(one);
	const talk = await open(two);
	await move(one, 'ArrowLeft');
	await until('the note', async () => talk.seq > 0 && (await keptSeq(two)) >= talk.seq);
	const seq = await keptSeq(two);
	// the line of all tabs is gone, and the one with an edit that was not sent dies
	await context.setOffline(true);
	await one.locator('[role=status][data-save-state=offline]').waitFor();
	await one.locator(`[data-project-id="${RAILWAY}"]`).focus();
	await one.keyboard.press('Alt+ArrowRight');
	await expect(one.locator('[role=status][data-save-state=offline]')).toContainText('1');
	const shown = await stageOf(one);
	await closeTab(one);
	await two.close();
	await context.setOffline(false);

	const later = await context.newPage();
	const third = await open(later);
	expect(third.hellos[0]!.seq).toBeGreaterThanOrEqual(seq);
	expect(third.sent[0]!.byteLength).toBeGreaterThan(NOTHING.byteLength);
	expect(await stageOf(later)).toBe(shown);
	const other = await (await signIn(browser)).newPage();
	await open(other);
	expect(await stageOf(other)).toBe(shown);
	await other.context().close();
	await context.close();
});
