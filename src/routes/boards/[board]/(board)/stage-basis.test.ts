import { describe, expect, it } from 'vitest';
import type { Project } from '#domain/board.ts';
import { loadPortfolio } from '#seeds/portfolio.ts';
import { stageBasisOf } from './stage-basis.ts';

const onBoard = loadPortfolio().projects.filter((project) => project.boardOrder !== undefined);
const record = onBoard.find(({ id }) => id === 'kunyu-tielu-kuoneng')!;
const project = { evidence: record.evidence, stage: record.stage } as Pick<
	Project,
	'evidence' | 'stage'
> as Project;
const move = { at: '2026-11-01T08:00:00.000Z', actorId: 'u1' };

describe('what a stage rests on', () => {
	it('is the newest document where it supports the column, even after a move back', () => {
		const basis = { kind: 'document', evidence: { id: '004-1', date: '2026-05-19' } };
		expect(stageBasisOf(project, undefined)).toMatchObject(basis);
		expect(stageBasisOf(project, move)).toMatchObject(basis);
	});

	it('is the person who moved it where the newest document does not support the column', () => {
		expect(stageBasisOf({ ...project, stage: 'operation' }, move)).toEqual({ kind: 'moved', move });
	});

	it('is nothing where neither a document nor a person put it there', () => {
		expect(stageBasisOf({ ...project, stage: 'operation' }, undefined)).toEqual({ kind: 'none' });
	});

	it('is a document for every project the board begins with', () => {
		const without = onBoard.filter(
			(one) => stageBasisOf(one as unknown as Project, undefined).kind === 'none'
		);
		expect(without.map(({ id }) => id)).toEqual([]);
	});
});
