import { beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { docOf, startingBoard } from '../../../tests/support/board-fuzz/starting-board.ts';
import { addProject, moveProject, removeProject, setEntry, setField } from '../mutators.ts';
import { projectsOf } from '../schema.ts';
import type { Clash } from './clashes.ts';
import { inspectUpdate } from './inspect.ts';

const [ANNA, BO] = [11, 22];
let server: Y.Doc;
let anna: Y.Doc;
let bo: Y.Doc;

beforeEach(() => {
	server = docOf(startingBoard());
	[anna, bo] = [ANNA, BO].map((client) => {
		const doc = docOf(startingBoard());
		doc.clientID = client;
		return doc;
	}) as [Y.Doc, Y.Doc];
});

/** Sends what the server lacks of a person; the clashes found. */
function send(doc: Y.Doc): Clash[] {
	const update = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(server));
	const { clashes } = inspectUpdate(server, update);
	Y.applyUpdate(server, update);
	return clashes;
}

const listen = (doc: Y.Doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
const rename = (doc: Y.Doc, value: string) => setField(doc, { projectId: 'a', field: 'name', value });

test('two people who name one project apart from one another, whoever comes first', () => {
	for (const [first, second] of [
		[anna, bo],
		[bo, anna]
	] as const) {
		listen(first);
		listen(second);
		rename(first, `第一 ${first.clientID}`);
		rename(second, `第二 ${second.clientID}`);
		expect(send(first)).toEqual([]);
		expect(send(second)).toEqual([
			{
				path: ['projects', 'a', 'name'],
				standing: { client: first.clientID, value: `第一 ${first.clientID}` },
				incoming: { client: second.clientID, value: `第二 ${second.clientID}` }
			}
		]);
	}
});

test('whoever has seen a value may replace it', () => {
	rename(anna, '甲');
	send(anna);
	listen(bo);
	rename(bo, '乙');
	rename(bo, '丙');
	expect(send(bo)).toEqual([]);
});

test('several values of one person in a row are one clash, with the last of them', () => {
	rename(anna, '甲');
	send(anna);
	for (const value of ['乙', '丙', '丁']) rename(bo, value);
	expect(send(bo)).toMatchObject([{ standing: { value: '甲' }, incoming: { value: '丁' } }]);
});

test('the same value, or both without one, is no clash', () => {
	rename(anna, '甲');
	rename(bo, '甲');
	for (const doc of [anna, bo])
		setEntry(doc, { projectId: 'a', field: 'cities', key: '530100', value: undefined });
	send(anna);
	expect(send(bo)).toEqual([]);
});

test('different fields, entries and places of text do not clash', () => {
	setEntry(anna, { projectId: 'a', field: 'cities', key: '530400', value: true });
	setEntry(bo, { projectId: 'a', field: 'cities', key: '532500', value: true });
	rename(anna, '甲');
	moveProject(bo, { projectId: 'a', stageId: 'planned', index: 0 });
	send(anna);
	expect(send(bo)).toEqual([]);
});

test('a value against one that was set and cleared meanwhile', () => {
	setField(anna, { projectId: 'a', field: 'nameEn', value: 'one' });
	projectsOf(anna).get('a')!.delete('nameEn');
	setField(bo, { projectId: 'a', field: 'nameEn', value: 'two' });
	send(anna);
	expect(send(bo)).toMatchObject([{ standing: { value: undefined }, incoming: { value: 'two' } }]);
});

test('one project added by two, and one set again as a whole', () => {
	const fields = { name: '新', sector: 'rail' };
	for (const doc of [anna, bo]) addProject(doc, { projectId: 'new', stageId: 'study', index: 0, fields });
	send(anna);
	expect(send(bo)).toEqual([
		{
			path: ['projects', 'new'],
			standing: { client: ANNA, value: undefined },
			incoming: { client: BO, value: undefined }
		}
	]);
});

test('two people in one update', () => {
	rename(anna, '甲');
	rename(bo, '乙');
	const state = Y.encodeStateVector(server);
	const both = Y.mergeUpdates([anna, bo].map((doc) => Y.encodeStateAsUpdate(doc, state)));
	expect(inspectUpdate(server, both).clashes).toMatchObject([{ path: ['projects', 'a', 'name'] }]);
});

test('nothing that belongs to a project which is gone', () => {
	removeProject(anna, 'a');
	rename(bo, '乙');
	send(anna);
	expect(send(bo)).toEqual([]);
});

test('a removal against what its writer had not seen of the project', () => {
	rename(anna, '甲');
	setField(anna, { projectId: 'a', field: 'totalInvestmentYuan', value: 7 });
	setEntry(anna, { projectId: 'a', field: 'cities', key: '530400', value: true });
	send(anna);
	removeProject(bo, 'a');
	expect(send(bo)).toEqual([
		{
			path: ['projects', 'a'],
			standing: {
				client: ANNA,
				value: { cities: { '530400': true }, name: '甲', totalInvestmentYuan: 7 }
			},
			incoming: { client: null, value: undefined }
		}
	]);
});

test('a removal by somebody who had seen it all', () => {
	rename(anna, '甲');
	setEntry(anna, { projectId: 'a', field: 'cities', key: '530400', value: true });
	send(anna);
	listen(bo);
	rename(bo, '乙');
	removeProject(bo, 'a');
	expect(send(bo)).toEqual([]);
});
