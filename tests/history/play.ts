import { vi } from 'vitest';
import type { DatabaseHandle } from '#server/database/database.ts';
import { PROJECTS, STAGES, type Step } from './edits.ts';
import { WrittenBoard } from './written-board.ts';

/** Long past, so that asking for a time of it never asks for the future. */
const START = Date.parse('2024-05-20T08:00:00.000Z');
let boards = 0;

/** A new board with three stages and two projects, at a fixed moment. */
function newBoard(db: DatabaseHandle): Promise<WrittenBoard> {
	const projects = PROJECTS.slice(0, 2).map((id) => ({
		id,
		name: id,
		nameEn: '',
		kind: 'project',
		sector: 'rail',
		cities: [],
		counties: [],
		stage: 'study',
		evidence: [],
		figures: [],
		dependencies: []
	}));
	const stages = STAGES.map((id) => ({ id, name: id, nameEn: '' }));
	return WrittenBoard.create(db, `b${++boards}`, { projects, stages });
}

/** Does one step on a board. */
export async function take(board: WrittenBoard, step: Step): Promise<void> {
	if (step.do === 'edit') board.edit(step.by, step.write);
	else if (step.do === 'deliver') board.deliver(step.to);
	else if (step.do === 'wait') vi.setSystemTime(Date.now() + step.ms);
	else if (step.do === 'commit') await board.commit();
	else if (step.do === 'snapshot') await board.snapshot();
	else await board.reopen();
}

/** Plays a session on a new board; the clock of the day is the session's own. */
export async function play(db: DatabaseHandle, steps: readonly Step[]): Promise<WrittenBoard> {
	vi.useFakeTimers({ toFake: ['Date'], now: START });
	try {
		const board = await newBoard(db);
		for (const step of steps) await take(board, step);
		await board.commit();
		return board;
	} finally {
		vi.useRealTimers();
	}
}
