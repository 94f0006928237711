import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Project } from '#domain/board.ts';
import { wordsOf } from '#doc/board-copy.ts';
import { addProject, initBoard, removeProject, setEntry, setField } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { findNotes } from '#doc/schema.ts';
import { EditBaseKeeper, type LostEdits } from './edit-base.ts';
import { intentAgain, lostEdits } from './lost-edits.ts';
import { Replica } from './replica.ts';

const projectIn = (doc: Y.Doc): Project => readBoard(doc).projects.find(({ id }) => id === 'p')!;

const newParagraph = (text: string) => {
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(text)]);
	return paragraph;
};
const write = (doc: Y.Doc, text: string) => findNotes(doc, 'p')!.push([newParagraph(text)]);
const notesIn = (doc: Y.Doc) => findNotes(doc, 'p')!.toArray().map(String);

/** A board as the server has it, and somebody's replica of it that hears of lost edits. */
function begin() {
	const server = new Y.Doc();
	const stages = ['study', 'construction'].map((id) => ({ id, name: id, nameEn: '' }));
	initBoard(server, { title: '板', template: 'stages', stages });
	const fields = { name: '旧名', sector: 'rail', cities: { '530100': true } };
	addProject(server, { projectId: 'p', stageId: 'study', index: 0, fields });
	const replica = new Replica({ onBoard: () => {}, onUndoChange: () => {} });
	const lost: LostEdits[] = [];
	const receive = () => Y.applyUpdate(replica.doc, Y.encodeStateAsUpdate(server), 'server');
	receive();
	const keeper = new EditBaseKeeper(replica, { onChange: () => {}, onLost: (one) => lost.push(one) });
	return { server, replica, lost, receive, keeper };
}

test('edits of a project that somebody had removed meanwhile are told, field by field', () => {
	const { server, replica, lost, receive } = begin();
	replica.run((doc) => setField(doc, { projectId: 'p', field: 'totalInvestmentYuan', value: 7 }));
	replica.run((doc) => setEntry(doc, { projectId: 'p', field: 'cities', key: '530400', value: true }));
	removeProject(server, 'p');
	receive();
	expect(lost).toHaveLength(1);
	const edits = lostEdits(lost[0]!);
	expect(edits.map(({ path }) => path)).toEqual([
		['projects', 'p', 'totalInvestmentYuan'],
		['projects', 'p', 'cities', '530400']
	]);
	expect(edits[0]).toMatchObject({ code: 'project-removed', attempt: { totalInvestmentYuan: 7 } });
});

test('who had not touched the project, or removed it themselves, has lost nothing', () => {
	const { server, replica, lost, receive } = begin();
	removeProject(server, 'p');
	receive();
	expect(lost).toEqual([]);
	const own = begin();
	own.replica.run((doc) => setField(doc, { projectId: 'p', field: 'name', value: '新名' }));
	own.replica.run((doc) => removeProject(doc, 'p'));
	removeProject(own.server, 'p');
	own.receive();
	expect(own.lost).toEqual([]);
	replica.destroy();
});

test('what the server has vouched for is not lost', () => {
	const { server, replica, lost, receive, keeper } = begin();
	replica.run((doc) => setField(doc, { projectId: 'p', field: 'name', value: '新名' }));
	keeper.clear();
	removeProject(server, 'p');
	receive();
	expect(lost).toEqual([]);
});

test('they are done again on the project once it is back', () => {
	const { server } = begin();
	const before = projectIn(server);
	const mine = {
		...before,
		name: '新名',
		stage: 'construction',
		cities: ['530100', '530400'],
		leadCity: '530400'
	};
	const edits = lostEdits({ before, mine, notes: undefined });
	expect(edits.map(({ path }) => path[2])).toEqual(['place', 'name', 'leadCity', 'cities']);
	for (const edit of edits) intentAgain(edit)!(server, 'me');
	const { order: _, ...again } = projectIn(server);
	expect(again).toMatchObject({ name: '新名', stage: 'construction', leadCity: '530400' });
	expect([...again.cities].sort()).toEqual(['530100', '530400']);
});

test('notes that were written in it are among them, and those alone where nothing else was edited', () => {
	const { server, replica, lost, receive } = begin();
	write(server, '原有一段');
	receive();
	write(replica.doc, '征地已完成');
	write(replica.doc, '三户未签');
	removeProject(server, 'p');
	receive();
	const [edit, ...others] = lostEdits(lost[0]!);
	expect(others).toEqual([]);
	expect(edit).toMatchObject({ code: 'project-removed', path: ['projects', 'p', 'notes'] });
	expect(wordsOf(edit!.notes!.mine)).toBe('原有一段\n征地已完成\n三户未签');
	// as after a reload
	const kept = JSON.parse(JSON.stringify(edit)) as typeof edit;
	const back = begin().server;
	write(back, '原有一段');
	intentAgain(kept!)!(back, 'me');
	intentAgain(kept!)!(back, 'me'); // twice is as once
	expect(notesIn(back).map((line) => line.replaceAll(/<[^>]*>/g, ''))).toEqual([
		'原有一段',
		'征地已完成',
		'三户未签'
	]);
});

test('notes in which others wrote meanwhile keep their words, and what is new is put behind', () => {
	const { server, replica, lost, receive } = begin();
	write(server, '原有一段');
	receive();
	write(replica.doc, '我的一段');
	const others = begin().server;
	write(others, '原有一段，已改');
	removeProject(server, 'p');
	receive();
	for (const edit of lostEdits(lost[0]!)) intentAgain(edit)!(others, 'me');
	expect(notesIn(others).map((line) => line.replaceAll(/<[^>]*>/g, ''))).toEqual([
		'原有一段，已改',
		'我的一段'
	]);
});
