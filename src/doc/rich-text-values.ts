import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import { isSameValue } from '#domain/same-value.ts';

/** Rich text as plain values: runs of text with their marks, and elements with what is in them. */
export type RichText = RichNode[];
type RichNode = { text: Run[] } | { element: string; attributes?: Attributes; content: RichNode[] };
type Run = { insert: string; marks?: Attributes };
type Attributes = Record<string, unknown>;

/** Deeper than people nest lists; a file with more is no board of ours. */
const DEPTH_MAX = 50;

/** A text that was formatted and formatted back stands in pieces that differ in nothing: they are one run. */
function readRuns(text: Y.XmlText): Run[] {
	const runs: Run[] = [];
	for (const { insert, attributes } of text.toDelta() as { insert: string; attributes?: Attributes }[]) {
		const last = runs.at(-1);
		if (last && isSameValue(last.marks, attributes)) last.insert += insert;
		else runs.push({ insert, ...(attributes && { marks: attributes }) });
	}
	return runs;
}

function readNode(node: Y.XmlElement | Y.XmlText | Y.XmlHook): RichNode {
	if (node instanceof Y.XmlText) return { text: readRuns(node) };
	if (!(node instanceof Y.XmlElement)) return { text: [] };
	const attributes = node.getAttributes() as Attributes;
	return {
		element: node.nodeName,
		...(Object.keys(attributes).length > 0 && { attributes }),
		content: richTextValues(node)
	};
}

/** The content of a rich text as plain values. */
export function richTextValues(fragment: Y.XmlFragment): RichText {
	return fragment.toArray().map(readNode);
}

const isRecord = (value: unknown): value is Attributes =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function refuse(problem: string): never {
	throw new Refusal('schema', `notes ${problem}`, { path: ['notes'] });
}

function recordOf(value: unknown): Attributes | undefined {
	if (value === undefined || isRecord(value)) return value;
	return refuse('have marks or attributes that are no record');
}

function newText(runs: readonly unknown[]): Y.XmlText {
	const text = new Y.XmlText();
	text.applyDelta(
		runs.map((run) => {
			if (!isRecord(run) || typeof run.insert !== 'string') return refuse('have a run without text');
			const attributes = recordOf(run.marks);
			return { insert: run.insert, ...(attributes && { attributes }) };
		})
	);
	return text;
}

function newElement(name: string, node: Attributes, depth: number): Y.XmlElement {
	const element = new Y.XmlElement(name);
	for (const [key, value] of Object.entries(recordOf(node.attributes) ?? {}))
		element.setAttribute(key, value as string);
	if (!Array.isArray(node.content)) return refuse('have an element without content');
	element.insert(
		0,
		node.content.map((child) => newNode(child, depth + 1))
	);
	return element;
}

function newNode(node: unknown, depth: number): Y.XmlElement | Y.XmlText {
	if (depth > DEPTH_MAX) return refuse('are nested too deep');
	if (isRecord(node) && Array.isArray(node.text)) return newText(node.text);
	if (isRecord(node) && typeof node.element === 'string') return newElement(node.element, node, depth);
	return refuse('hold something that is neither text nor element');
}

/**
 * Rich text, as `richTextValues` gives it, ready to be put into notes. Which elements and marks may stand there is the
 * inspector's to say.
 * @throws {Refusal} `schema` if it has another shape
 */
export function newRichText(content: readonly unknown[]): (Y.XmlElement | Y.XmlText)[] {
	return content.map((node) => newNode(node, 1));
}

/** Puts rich text at the end of what is there. @throws {Refusal} `schema` if it has another shape */
export function appendRichText(fragment: Y.XmlFragment, content: readonly unknown[]): void {
	fragment.push(newRichText(content));
}
