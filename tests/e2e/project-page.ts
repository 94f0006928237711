import type { Locator, Page } from '@playwright/test';
import type * as Y from 'yjs';
import { readRichText, type RichTextNode } from '../../src/doc/read-rich-text.ts';
import { findNotes } from '../../src/doc/schema.ts';
import type { Board, Project } from '../../src/domain/board.ts';
import { expect, openBoard, origin } from './fixtures.ts';
import { BOARD } from './people.ts';

/** The open project of a page. */
export const panelOf = (page: Page): Locator => page.locator('[data-project-panel]');
/** A field of it, with who is in it. */
export const placeOf = (page: Page, field: string): Locator =>
	panelOf(page).locator(`[data-field="${field}"]`);
/** What one types into. */
export const inputOf = (page: Page, field: string): Locator => placeOf(page, field).locator('textarea');
export const notesOf = (page: Page): Locator => panelOf(page).getByRole('textbox', { name: '备注' });
export const savedSign = (page: Page): Locator => page.locator('[role=status][data-save-state=saved]');

/** Opens a project by its address and waits until its page is live. */
export async function openProject(page: Page, projectId: string): Promise<void> {
	await openBoard(page, `/projects/${projectId}`);
	await expect(panelOf(page)).toBeVisible();
}

/** The board as the server has committed it. */
export async function committed(page: Page): Promise<Board & { seq: number }> {
	const response = await page.request.get(`${origin()}/api/boards/${BOARD}`);
	return (await response.json()) as Board & { seq: number };
}

/** One project as the server has committed it. */
export async function committedProject(page: Page, projectId: string): Promise<Project | undefined> {
	return (await committed(page)).projects.find(({ id }) => id === projectId);
}

/** Opens a project for several people, until each of them can write in its notes. */
export async function openNotes(pages: readonly Page[], projectId: string): Promise<void> {
	await Promise.all(pages.map((page) => openProject(page, projectId)));
	for (const page of pages) await expect(notesOf(page)).toBeVisible();
}

const wordsOf = (node: RichTextNode): string => node.text ?? (node.content ?? []).map(wordsOf).join('');

/** The words of a project's notes in a document, a block a line. */
export function noteLines(doc: Y.Doc, projectId: string): string[] {
	const notes = findNotes(doc, projectId);
	return notes ? readRichText(notes).map(wordsOf) : [];
}
