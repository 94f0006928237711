import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import {
	NOTES_DEPTH_MAX,
	NOTES_MAX_CHARS,
	PROJECTS_MAX,
	RECORDS_PER_PROJECT_MAX,
	STAGES_MAX,
	TEXT_PIECES_MAX,
	UPDATE_CONTAINERS_MAX,
	UPDATE_MAX_BYTES,
	UPDATE_RANGES_MAX,
	UPDATE_STRUCTS_MAX
} from '#domain/limits.ts';
import { isRefusal } from '#domain/refusal.ts';
import { makeItem, putTogether } from '../../../tests/support/board-fuzz/raw-update.ts';
import { docOf, startingBoard } from '../../../tests/support/board-fuzz/starting-board.ts';
import { findNotes, projectsOf, stagesOf } from '../schema.ts';
import { inspectUpdate } from './inspect.ts';

const NEW = 9;
let server: Y.Doc;
let client: Y.Doc;

beforeEach(() => {
	server = docOf(startingBoard());
	client = docOf(startingBoard());
});

/** Sends what the client did since; `accepted`, or the path of what became too large. */
function send(): string {
	return judge(Y.encodeStateAsUpdate(client, Y.encodeStateVector(server)));
}

function judge(update: Uint8Array): string {
	try {
		inspectUpdate(server, update);
	} catch (error) {
		if (!isRefusal(error) || error.code !== 'too-large') throw error;
		return error.path.join('.') || 'the update';
	}
	Y.applyUpdate(server, update);
	return 'accepted';
}

function addParagraph(text: string): Y.XmlText {
	const paragraph = new Y.XmlElement('paragraph');
	const content = new Y.XmlText(text);
	paragraph.insert(0, [content]);
	findNotes(client, 'a')!.insert(0, [paragraph]);
	return content;
}

describe('notes', () => {
	const half = '字'.repeat(NOTES_MAX_CHARS / 2 - 10);

	test('pasted over the limit, or grown over it', () => {
		addParagraph('字'.repeat(NOTES_MAX_CHARS));
		expect(send()).toBe('projects.a.notes');
		client = docOf(Y.encodeStateAsUpdate(server));
		for (const verdict of ['accepted', 'accepted', 'projects.a.notes']) {
			addParagraph(half);
			expect(send()).toBe(verdict);
		}
	});
	test('full ones can be replaced and cleared', () => {
		const [one, other] = [addParagraph(half), addParagraph(half)];
		expect(send()).toBe('accepted');
		client.transact(() => {
			one.delete(0, one.length);
			one.insert(0, '新'.repeat(half.length));
		});
		expect(send()).toBe('accepted');
		other.delete(0, other.length);
		expect(send()).toBe('accepted');
		expect(addParagraph(half) && send()).toBe('accepted');
	});
	test('an update that deletes as much as it brings is within the limit', () => {
		addParagraph(half);
		addParagraph(half);
		expect(send()).toBe('accepted');
		client.transact(() => {
			const notes = findNotes(client, 'a')!;
			notes.delete(0, notes.length);
			addParagraph(half);
			addParagraph(half);
		});
		expect(send()).toBe('accepted');
	});
	test('a block counts as a character', () => {
		const rule = () => findNotes(client, 'a')!.insert(0, [new Y.XmlElement('horizontalRule')]);
		addParagraph('字'.repeat(NOTES_MAX_CHARS - 3)); // with its paragraph and text, one short of the limit
		expect(send()).toBe('accepted');
		rule();
		expect(send()).toBe('accepted');
		rule();
		expect(send()).toBe('projects.a.notes');
	});
	test('a text of too many pieces, at once or one by one', () => {
		const write = (text: Y.XmlText, pieces: number) => {
			for (let index = 0; index < pieces; index++) {
				client.clientID = 10 + (index % 2); // what one person types is one piece
				text.insert(text.length, 'y');
			}
		};
		const text = addParagraph('x');
		write(text, TEXT_PIECES_MAX - 10);
		expect(send()).toBe('accepted');
		write(text, 8);
		expect(send()).toBe('accepted');
		write(text, 8);
		expect(send()).toBe('projects.a.notes');
		client = docOf(startingBoard());
		write(addParagraph('x'), TEXT_PIECES_MAX);
		expect(send()).toBe('projects.a.notes');
	});
	test('nested too deep', () => {
		let parent: Y.XmlFragment = findNotes(client, 'a')!;
		for (let depth = 2; depth <= NOTES_DEPTH_MAX; depth++) {
			const quote = new Y.XmlElement('blockquote');
			parent.insert(0, [quote]);
			parent = quote;
		}
		expect(send()).toBe('accepted');
		parent.insert(0, [new Y.XmlText('x')]);
		expect(send()).toBe('projects.a.notes');
	});
});

describe('entries', () => {
	test('projects on a board', () => {
		const fill = (count: number, from: number) =>
			client.transact(() => {
				for (let index = from; index < from + count; index++)
					projectsOf(client).set(`p${index}`, new Y.Map());
			});
		fill(PROJECTS_MAX - 2, 0);
		expect(send()).toBe('accepted');
		client.transact(() => {
			projectsOf(client).delete('p0');
			fill(1, PROJECTS_MAX);
		});
		expect(send()).toBe('accepted');
		fill(1, PROJECTS_MAX + 1);
		expect(send()).toBe(`projects.p${PROJECTS_MAX + 1}`);
	});
	test('stages on a board', () => {
		for (let index = 3; index < STAGES_MAX; index++) stagesOf(client).set(`s${index}`, new Y.Map());
		expect(send()).toBe('accepted');
		stagesOf(client).set('more', new Y.Map());
		expect(send()).toBe('stages.more');
	});
	test('records of a project, also of one that the update brings', () => {
		const codes = Array.from({ length: RECORDS_PER_PROJECT_MAX }, (_, index) => String(100_000 + index));
		const cities = new Y.Map(codes.map((code) => [code, true]));
		projectsOf(client).get('a')!.set('cities', cities);
		expect(send()).toBe('accepted');
		cities.delete(codes[0]!);
		cities.set('999998', true);
		expect(send()).toBe('accepted');
		cities.set('999999', true);
		expect(send()).toBe('projects.a.cities.999999');
		const more = new Y.Map([...codes, '999999'].map((code) => [code, true]));
		client = docOf(Y.encodeStateAsUpdate(server));
		projectsOf(client).set('c', new Y.Map(Object.entries({ name: '丙', counties: more })));
		expect(send()).toMatch(/^projects\.c\.counties/);
	});
});

describe('an update', () => {
	test.each<[string, () => Uint8Array]>([
		['of too many bytes', () => new Uint8Array(UPDATE_MAX_BYTES + 1)],
		[
			'of too many structs',
			() => {
				const structs = Array.from(
					{ length: UPDATE_STRUCTS_MAX + 1 },
					(_, clock) => new Y.GC(Y.createID(NEW, clock), 1)
				);
				return putTogether({ blocks: [{ client: NEW, clock: 0, structs }], deleted: [] });
			}
		],
		[
			'of too many deleted ranges',
			() => {
				const ranges = Array.from({ length: UPDATE_RANGES_MAX + 1 }, (_, index) => ({
					clock: index * 2,
					len: 1
				}));
				return putTogether({ blocks: [], deleted: [{ client: 1, ranges }] });
			}
		],
		[
			'of too many nodes',
			() => {
				const parent = findNotes(server, 'a')!._item!.id;
				const node = (clock: number) => {
					const origin = clock > 0 ? Y.createID(NEW, clock - 1) : null;
					return makeItem({
						client: NEW,
						clock,
						origin,
						parent,
						content: new Y.ContentType(new Y.XmlText())
					});
				};
				const structs = Array.from({ length: UPDATE_CONTAINERS_MAX + 1 }, (_, clock) => node(clock));
				return putTogether({ blocks: [{ client: NEW, clock: 0, structs }], deleted: [] });
			}
		]
	])('%s', (_, make) => {
		expect(judge(make())).toBe('the update');
	});
});
