import { randomUUID } from 'node:crypto';
import type { APIResponse, Page } from '@playwright/test';
import { addProject, removeProject, setField } from '../../src/doc/mutators.ts';
import { misfits, type Schema } from '../support/schema-check.ts';
import { joinBoard } from './board-writer.ts';
import { expect, origin, signedIn, test } from './fixtures.ts';
import { BOARD, OUTSIDER } from './people.ts';

interface Described {
	paths: Record<
		string,
		Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>
	>;
	components: { schemas: Record<string, Schema> };
}
type BoardAnswer = {
	seq: number;
	at: string;
	projects: { id: string; name: string; totalInvestmentYuan: number }[];
};

const API = `/api/boards/${BOARD}`;
let described: Described;
test.beforeAll(async ({ request }) => {
	described = (await (await request.get(`${origin()}/api/openapi.json`)).json()) as Described;
});

/** Fails unless an answer is as the API's own description says. */
async function expectAsDescribed(answer: APIResponse, path: string, status: number): Promise<unknown> {
	const body: unknown = await answer.json();
	expect(answer.status(), JSON.stringify(body).slice(0, 200)).toBe(status);
	const schema = described.paths[path]?.get?.responses[status]?.content?.['application/json']?.schema;
	expect(schema, `${path} answers ${status}`).toBeDefined();
	expect(misfits(body, schema!, described.components.schemas)).toEqual([]);
	return body;
}

const read = async (page: Page, query = '') =>
	(await expectAsDescribed(
		await page.request.get(`${API}${query}`),
		'/api/boards/{board}',
		200
	)) as BoardAnswer;

test('answers are as the description says, which anybody may read', async ({ mei }) => {
	for (const [path, query] of [
		['', ''],
		['/changes', '?limit=500'],
		['/changes', '?order=dated&kind=evidence-added'],
		['/verify', ''],
		['/compare', '?from=2'],
		['/members', '']
	] as const)
		await expectAsDescribed(
			await mei.request.get(`${API}${path}${query}`),
			`/api/boards/{board}${path}`,
			200
		);
	const preview = `/restore?at=2&projectId=${(await read(mei, '?at=2')).projects[0]!.id}`;
	const previewed = await mei.request.get(`${API}${preview}`);
	await expectAsDescribed(previewed, '/api/boards/{board}/restore', previewed.status());
	await expectAsDescribed(await mei.request.get('/api/boards'), '/api/boards', 200);
	for (const path of ['/healthz', '/readyz']) await expectAsDescribed(await mei.request.get(path), path, 200);
});

test('refusals are as the description says', async ({ mei, browser, request }) => {
	const outsider = await signedIn(browser, OUTSIDER.email);
	for (const path of ['', '/changes', '/verify', '/members']) {
		const template = `/api/boards/{board}${path}`;
		await expectAsDescribed(await request.get(`${origin()}${API}${path}`), template, 401);
		await expectAsDescribed(await outsider.request.get(`${API}${path}`), template, 404);
		await expectAsDescribed(await mei.request.get(`/api/boards/no-board${path}`), template, 404);
	}
	for (const query of [
		'since=yesterday',
		'kind=all',
		'limit=0',
		'after=x',
		'org=nobody',
		'field=x',
		'order=up'
	])
		await expectAsDescribed(
			await mei.request.get(`${API}/changes?${query}`),
			'/api/boards/{board}/changes',
			400
		);
	await outsider.context().close();
});

test('a board can be read as it was, with projects removed since', async ({ mei }) => {
	const writer = await joinBoard('mei');
	const projectId = `p-${randomUUID()}`;
	const fields = { name: '当时的项目', sector: 'rail' };
	const edit = async (change: Parameters<typeof writer.edit>[0]) => {
		writer.edit(change);
		await writer.saved();
		return read(mei);
	};
	const before = await read(mei);
	const added = await edit((doc) => addProject(doc, { projectId, stageId: 'study', index: 0, fields }));
	await edit((doc) => setField(doc, { projectId, field: 'totalInvestmentYuan', value: 7 }));
	const removed = await edit((doc) => removeProject(doc, projectId));
	writer.leave();
	const projectAt = async (at: string | number) =>
		(await read(mei, `?at=${at}`)).projects.find(({ id }) => id === projectId);

	expect(await projectAt(before.seq)).toBeUndefined();
	expect(await projectAt(added.seq)).toMatchObject({ name: '当时的项目', totalInvestmentYuan: null });
	expect(await projectAt(removed.seq - 1)).toMatchObject({ totalInvestmentYuan: 7 });
	expect(await projectAt(removed.seq)).toBeUndefined();
	expect(await projectAt(added.at)).toMatchObject({ name: '当时的项目' });
	expect(await read(mei, `?at=${removed.seq}`)).toEqual(removed);

	const past = '/api/boards/{board}';
	const tomorrow = new Date(Date.parse(removed.at) + 86_400_000).toISOString();
	for (const at of ['', 'x', '1.5', '2026-05-19', tomorrow, String(removed.seq + 1_000)])
		await expectAsDescribed(await mei.request.get(`${API}?at=${at}`), past, 400);
	for (const at of ['0', '2001-01-01T00:00:00Z'])
		await expectAsDescribed(await mei.request.get(`${API}?at=${at}`), past, 404);
});

test('changes come page by page, newest first', async ({ mei }) => {
	type Changes = { changes: { seq: number; index: number }[]; next: string | null };
	const keys: string[] = [];
	const seqs: number[] = [];
	for (let after: string | null = ''; after !== null;) {
		const answer = await mei.request.get(`${API}/changes?limit=40&after=${after}`);
		const page = (await answer.json()) as Changes;
		keys.push(...page.changes.map(({ seq, index }) => `${seq}.${index}`));
		seqs.push(...page.changes.map(({ seq }) => seq));
		after = page.next;
	}
	expect(new Set(keys).size).toBe(keys.length);
	expect(seqs).toEqual([...seqs].sort((a, b) => b - a));
	expect(seqs.at(-1)).toBe(1);
});
