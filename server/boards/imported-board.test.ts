import { describe, expect, test } from 'vitest';
import { parseImportedBoard } from './imported-board.ts';

const project = (more: object = {}) => ({ id: 'p1', name: '滇中引水', stage: 'construction', ...more });
const parse = (value: unknown) => parseImportedBoard(JSON.stringify(value));

test('a plain list of projects is a board', () => {
	expect(parse([project()]).projects).toMatchObject([{ id: 'p1', sector: 'planning', cities: [] }]);
});

describe('what does not fit is named by its record', () => {
	test.each([
		['no JSON', () => parseImportedBoard('{"projects":'), /not JSON/],
		['no board', () => parse({ cards: [] }), /projects|cards/],
		['no record', () => parse([project(), 7]), /projects\.1/],
		['no id', () => parse([{ name: 'x', stage: 'study' }]), /projects\.0: id/],
		['no name', () => parse([{ id: 'p9', stage: 'study' }]), /project p9: name/],
		['a sector nobody knows', () => parse([project({ sector: 'space' })]), /project p1: sector is no sector/],
		['a field nobody knows', () => parse([project({ colour: 'red' })]), /project p1: colour/],
		['a template nobody knows', () => parse({ template: 'scrum', projects: [] }), /template is none of/],
		[
			'a prototype',
			() => parseImportedBoard('[{"id":"p1","name":"x","stage":"study","__proto__":{"a":1}}]'),
			/project p1/
		]
	])('%s', (_, read, message) => {
		expect(read).toThrow(expect.objectContaining({ name: 'Refusal', code: 'bad-request' }));
		expect(read).toThrow(message);
	});
});

test('nesting without end is read without falling over', () => {
	const deep = '['.repeat(200_000) + ']'.repeat(200_000);
	const read = () => parseImportedBoard(`[{"id":"p1","name":"x","stage":"study","notes":${deep}}]`);
	expect(read).not.toThrow(RangeError);
});
