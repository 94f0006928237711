import { afterAll, beforeAll, expect, test } from 'vitest';
import { addStage, moveProject, removeProject, setField, setTitle } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { BoardReader } from '#server/boards/board-reader.ts';
import { openServices } from '../history/services.ts';
import { WrittenBoard } from '../history/written-board.ts';

const { services, connection } = await openServices();
afterAll(() => connection.db.destroy());

let board: WrittenBoard;
let reader: BoardReader;
beforeAll(async () => {
	board = await WrittenBoard.create(connection.db, 'b', {
		projects: services.portfolio.projects.slice(0, 40)
	});
	reader = new BoardReader(board.journal);
});

/** What the reader shows is what the journal holds, as values and as text. */
async function showsTheJournal(): Promise<void> {
	await board.commit();
	const { doc, head } = await board.journal.load(board.id);
	const picture = await reader.read(board.id);
	expect(picture).toEqual({ board: readBoard(doc), seq: head.seq, epoch: head.epoch, at: head.at });
	const { seq, epoch, at } = picture;
	expect(JSON.parse(reader.jsonOf(board.id, picture))).toEqual({
		id: board.id,
		seq,
		epoch,
		at,
		...picture.board
	});
}

test('it follows the journal through edits of fields, places, stages and the title', async () => {
	await showsTheJournal();
	const [first, second, third] = (await reader.read(board.id)).board.projects;
	board.edit('mei', (doc) => {
		setField(doc, { projectId: first!.id, field: 'name', value: '改了的"名字"\\' });
		moveProject(doc, { projectId: second!.id, stageId: 'operation', index: 0 });
	});
	await showsTheJournal();
	board.edit('bo', (doc) => removeProject(doc, third!.id));
	await showsTheJournal();
	board.edit('bo', (doc) => addStage(doc, { stage: { id: 'new', name: '新', nameEn: 'New' }, index: 0 }));
	board.edit('mei', (doc) => setTitle(doc, '新名'));
	await showsTheJournal();
});

test('after an edit only what it touched is read again', async () => {
	const before = (await reader.read(board.id)).board;
	const [touched, ...others] = before.projects;
	board.edit('mei', (doc) => setField(doc, { projectId: touched!.id, field: 'name', value: '又改了' }));
	await board.commit();
	const after = (await reader.read(board.id)).board;
	const untouched = new Set(others);
	expect(after.projects.filter((project) => untouched.has(project))).toHaveLength(others.length);
	expect((await reader.read(board.id)).board).toBe(after);
});
