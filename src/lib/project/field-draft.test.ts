import { beforeEach, describe, expect, test } from 'vitest';
import { FieldDraft } from './field-draft.svelte.ts';

describe('what a person types into a field', () => {
	let stored: string;
	let saved: string[];
	let draft: FieldDraft<string>;

	beforeEach(() => {
		stored = '昆玉铁路';
		saved = [];
		draft = new FieldDraft<string>({
			stored: () => stored,
			parse: (text) => (text.trim() === '' ? { error: 'empty' } : { value: text.trim() }),
			save: (value) => {
				if (value === 'refuse me') throw new Error('refused');
				saved.push(value);
				stored = value;
			},
			explain: (error) => (error as Error).message
		});
	});

	test('the field follows the stored value until the first key', () => {
		stored = '昆玉铁路扩能';
		expect(draft.text).toBe('昆玉铁路扩能');
		expect(draft.meanwhile).toBeNull();
	});
	test('a change of a colleague never comes under the hands, but is told', () => {
		draft.type('昆玉高铁');
		stored = '昆玉线';
		expect(draft.text).toBe('昆玉高铁');
		expect(draft.meanwhile).toBe('昆玉线');
	});
	test('saving tells whose value it replaced', () => {
		draft.type('昆玉高铁');
		stored = '昆玉线';
		expect(draft.commit()).toBe('昆玉线');
		expect(saved).toEqual(['昆玉高铁']);
		expect(draft.meanwhile).toBeNull();
	});
	test('text put back to what it was does not undo a colleague', () => {
		draft.type('昆玉铁路!');
		draft.type('昆玉铁路');
		stored = '昆玉线';
		expect(draft.commit()).toBeNull();
		expect(saved).toEqual([]);
		expect(draft.text).toBe('昆玉线');
	});
	test('what is not accepted stays in the field with its reason until it is typed anew', () => {
		draft.type('  ');
		draft.commit();
		expect(draft.error).toBe('empty');
		expect(draft.text).toBe('  ');
		draft.type('x');
		expect(draft.error).toBeUndefined();
	});
	test('what the document refuses stays in the field too', () => {
		draft.type('refuse me');
		draft.commit();
		expect(draft.error).toBe('refused');
		expect(draft.text).toBe('refuse me');
	});
	test('Esc takes the stored value, a colleague’s too', () => {
		draft.type('昆玉高铁');
		stored = '昆玉线';
		draft.cancel();
		expect(draft.text).toBe('昆玉线');
		expect(saved).toEqual([]);
	});
});
