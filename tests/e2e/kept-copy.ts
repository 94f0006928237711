import type { Page } from '@playwright/test';

/** What the browser keeps of the board beside its updates, once all that the page has begun to write there is written. */
const kept = (page: Page, key: string): Promise<unknown> =>
	page.evaluate(async (wanted) => {
		const { name } = (await indexedDB.databases()).find((found) => found.name?.startsWith('tongchou/'))!;
		return new Promise<unknown>((resolve) => {
			indexedDB.open(name!).onsuccess = ({ target }) => {
				const db = (target as IDBOpenDBRequest).result;
				// the browser lets it wait for writes to this store that were begun before
				db.transaction('custom').objectStore('custom').get(wanted).onsuccess = (event) => {
					resolve((event.target as IDBRequest).result);
					db.close();
				};
			};
		});
	}, key);

/** The last entry of the board that the browser has noted. */
export const keptSeq = async (page: Page): Promise<number> =>
	((await kept(page, 'held')) as { seq: number } | undefined)?.seq ?? 0;

/** Ends a page as a tab is closed, a moment after its last edit: when that is on the disk. */
export async function closeTab(page: Page): Promise<void> {
	await keptSeq(page);
	await page.close();
}
