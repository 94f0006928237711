import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { appendRichText, richTextValues } from './rich-text-values.ts';

function notes(content: readonly unknown[]): Y.XmlFragment {
	const fragment = new Y.Doc().getXmlFragment('notes');
	appendRichText(fragment, content);
	return fragment;
}

const RICH = [
	{ element: 'heading', attributes: { level: 2 }, content: [{ text: [{ insert: '进展' }] }] },
	{
		element: 'bulletList',
		content: [
			{
				element: 'listItem',
				content: [
					{
						element: 'paragraph',
						content: [
							{
								text: [
									{ insert: '已开工 ' },
									{ insert: '见附件', marks: { bold: {}, link: { href: 'https://example.cn' } } }
								]
							}
						]
					}
				]
			}
		]
	}
];

test('what is read can be written, and reads the same again', () => {
	expect(richTextValues(notes(RICH))).toEqual(RICH);
	expect(richTextValues(notes([]))).toEqual([]);
});

describe('what is no rich text is refused', () => {
	test.each([
		['a number', [7]],
		['nothing', [null]],
		['a run without text', [{ text: [{}] }]],
		['marks that are no record', [{ text: [{ insert: 'a', marks: [] }] }]],
		['an element without content', [{ element: 'paragraph' }]]
	])('%s', (_, content) => {
		expect(() => notes(content)).toThrow(expect.objectContaining({ code: 'schema', path: ['notes'] }));
	});
	test('nesting without end', () => {
		let deep: unknown = { text: [] };
		for (let depth = 0; depth < 10_000; depth++) deep = { element: 'blockquote', content: [deep] };
		expect(() => notes([deep])).toThrow(/nested too deep/);
	});
});
