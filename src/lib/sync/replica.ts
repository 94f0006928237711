import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Board } from '#domain/board.ts';
import { BoardMirror } from '#doc/board-mirror.ts';
import { metaOf, projectsOf, stagesOf } from '#doc/schema.ts';

/** Edits a person types one after the other are undone together when the pause between them is shorter. */
const TYPING_PAUSE_MS = 500;

/**
 * Whether undo may take an item out again. One's own text is taken out letter by letter before the paragraph it stands
 * in, so that a paragraph which still holds something then holds a colleague's words.
 */
function mayUndoTake({ content }: Y.Item): boolean {
	if (!(content instanceof Y.ContentType)) return true;
	const { type } = content;
	return !(type instanceof Y.XmlFragment || type instanceof Y.XmlText) || type.length === 0;
}

/** This browser's copy of a board: document, picture, who is here, and what can be undone. */
export class Replica {
	readonly doc = new Y.Doc();
	readonly awareness = new Awareness(this.doc);
	/** Origin of this person's edits; only these are undone. */
	readonly origin = {};
	readonly mirror: BoardMirror;
	readonly undo: Y.UndoManager;

	constructor(events: { onBoard(board: Board): void; onUndoChange(): void }) {
		this.mirror = new BoardMirror(this.doc, events.onBoard);
		this.undo = new Y.UndoManager([projectsOf(this.doc), stagesOf(this.doc), metaOf(this.doc)], {
			trackedOrigins: new Set([this.origin]),
			captureTimeout: TYPING_PAUSE_MS,
			deleteFilter: mayUndoTake
		});
		for (const event of ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const)
			this.undo.on(event, events.onUndoChange);
		this.awareness.setLocalState({});
	}

	/** Whether a board has ever arrived here. */
	get hasBoard(): boolean {
		return stagesOf(this.doc).size > 0;
	}

	/** Does one intent as one step of undo. */
	run(intent: (doc: Y.Doc, origin: unknown) => void): void {
		this.undo.stopCapturing();
		try {
			intent(this.doc, this.origin);
		} finally {
			this.undo.stopCapturing();
		}
	}

	destroy(): void {
		this.mirror.destroy();
		this.undo.destroy();
		this.awareness.destroy();
		this.doc.destroy();
	}
}
