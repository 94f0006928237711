import { getSchema } from '@tiptap/core';
import type { Node as EditorNode } from '@tiptap/pm/model';
import { canJoin, Transform } from '@tiptap/pm/transform';
import { StarterKit } from '@tiptap/starter-kit';
import { initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap';
import type * as Y from 'yjs';
import type { Random } from './random.ts';

/** The editor's own model of notes: edits made with it reach Yjs the way they do in the browser. */
const schema = getSchema([StarterKit.configure({ undoRedo: false })]);
const {
	heading,
	blockquote,
	bulletList,
	orderedList,
	listItem,
	codeBlock,
	horizontalRule,
	hardBreak,
	paragraph
} = schema.nodes as Record<string, NonNullable<(typeof schema.nodes)[string]>>;
const MARKS = Object.values(schema.marks);
const WORDS = ['弥玉高速', '开工', 'bridge ', '😀', 'é', '（第二标段）', '\t', '12.5'];

type Edit = (transform: Transform, random: Random) => void;

/** Edits notes once, as a person with the editor would, and hands the outcome to Yjs in one transaction. */
export function editNotes(doc: Y.Doc, notes: Y.XmlFragment, random: Random, origin: unknown): void {
	doc.transact(() => {
		const { doc: node, meta } = initProseMirrorDoc(notes, schema);
		const start = node.childCount > 0 ? node : schema.nodes.doc!.createAndFill()!;
		const transform = new Transform(start);
		for (let count = 1 + random.int(2); count > 0; count--) tryEdit(transform, random);
		updateYFragment(doc, notes, transform.doc, meta);
	}, origin);
}

/** A menu offers what fits; here what does not fit is simply not done. */
function tryEdit(transform: Transform, random: Random): void {
	try {
		random.pick(EDITS)(transform, random);
	} catch (error) {
		if (!['RangeError', 'ReplaceError', 'TransformError'].includes((error as Error).name)) throw error;
	}
}

/** Positions where text may stand. */
function cursorIn(document: EditorNode, random: Random): number {
	const positions: number[] = [];
	document.descendants((node, position) => {
		if (!node.isTextblock) return true;
		positions.push(position + 1 + random.int(node.content.size + 1));
		return false;
	});
	return random.maybe(positions) ?? 0;
}

function rangeIn(document: EditorNode, random: Random): [number, number] {
	const [one, other] = [cursorIn(document, random), cursorIn(document, random)];
	return one < other ? [one, other] : [other, one];
}

const write: Edit = (transform, random) => {
	const marks = random.chance(0.3) ? [markOf(random)] : [];
	const text = Array.from({ length: 1 + random.int(3) }, () => random.pick(WORDS)).join('');
	transform.insert(cursorIn(transform.doc, random), schema.text(text, marks));
};

function markOf(random: Random) {
	const type = random.pick(MARKS);
	return type.create(type.name === 'link' ? { href: 'https://example.org/a?b=c' } : undefined);
}

const EDITS: Edit[] = [
	write,
	write,
	write,
	(transform, random) => transform.delete(...rangeIn(transform.doc, random)),
	(transform, random) => transform.split(cursorIn(transform.doc, random)),
	(transform, random) => transform.addMark(...rangeIn(transform.doc, random), markOf(random)),
	(transform, random) => transform.removeMark(...rangeIn(transform.doc, random), random.pick(MARKS)),
	(transform, random) => {
		const type = random.pick([heading!, codeBlock!, paragraph!]);
		const attributes =
			type === heading ? { level: 1 + random.int(6) } : type === codeBlock ? { language: 'ts' } : {};
		transform.setBlockType(...rangeIn(transform.doc, random), type, attributes);
	},
	(transform, random) => {
		const range = transform.doc.resolve(cursorIn(transform.doc, random)).blockRange();
		if (!range) return;
		const list = random.pick([bulletList!, orderedList!]);
		const wrappers = random.chance(0.5) ? [{ type: blockquote! }] : [{ type: list }, { type: listItem! }];
		transform.wrap(range, wrappers);
	},
	(transform, random) => transform.insert(cursorIn(transform.doc, random), hardBreak!.create()),
	(transform, random) =>
		transform.insert(random.chance(0.5) ? 0 : transform.doc.content.size, horizontalRule!.create()),
	(transform) => {
		const end = transform.doc.firstChild?.nodeSize ?? 0;
		if (transform.doc.childCount > 1 && canJoin(transform.doc, end)) transform.join(end);
	}
];
