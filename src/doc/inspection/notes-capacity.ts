import * as Y from 'yjs';
import { NOTES_MAX_CHARS, TEXT_PIECES_MAX } from '#domain/limits.ts';
import type { Container, Path, Place, SharedType } from './places.ts';
import { refuse } from './refuse.ts';

type Content = Y.Item['content'];

/** Keeps notes, and each run of text in them, within their limits. */
export class NotesCapacity {
	readonly #doc: Y.Doc;
	/** By the path of the notes; the same notes may have several. */
	readonly #growth = new Map<Path, { place: Place; chars: number }>();
	/** New pieces by the text they stand in. */
	readonly #pieces = new Map<Container, { place: Place; count: number }>();

	constructor(doc: Y.Doc) {
		this.#doc = doc;
	}

	/** Takes a new item of which `length` is not known yet. */
	add(content: Content, place: Place, length: number): void {
		this.#grow(place, sizeOf(content, length));
		if (!(place.container.type instanceof Y.XmlText)) return;
		const pieces = this.#pieces.get(place.container);
		if (pieces) pieces.count += 1;
		else this.#pieces.set(place.container, { place, count: 1 });
	}

	/** Takes the deletion of `length` of a live item, of the board or of the update. */
	remove(content: Content, place: Place, length: number): void {
		this.#grow(place, -sizeOf(content, length));
	}

	/** @throws {Refusal} `too-large` with the path of notes that would hold too much */
	assertKept(): void {
		for (const { place, count } of this.#pieces.values()) {
			if (count + piecesOf(place.container) > TEXT_PIECES_MAX)
				refuse(place, `have a text of more than ${TEXT_PIECES_MAX} pieces`, 'too-large');
		}
		for (const [projectId, { place, chars }] of this.#byProject()) {
			if (chars > 0 && this.#notesOf(projectId) + chars > NOTES_MAX_CHARS)
				refuse(place, `would hold more than ${NOTES_MAX_CHARS} characters`, 'too-large');
		}
	}

	#grow(place: Place, chars: number): void {
		const growth = this.#growth.get(place.path);
		if (growth) growth.chars += chars;
		else this.#growth.set(place.path, { place, chars });
	}

	#byProject(): Map<string, { place: Place; chars: number }> {
		const byProject = new Map<string, { place: Place; chars: number }>();
		for (const { place, chars } of this.#growth.values()) {
			const projectId = place.path[1]!;
			byProject.set(projectId, { place, chars: chars + (byProject.get(projectId)?.chars ?? 0) });
		}
		return byProject;
	}

	#notesOf(projectId: string): number {
		const project = typeAt(this.#doc.share.get('projects'), projectId);
		const notes = project && typeAt(project, 'notes');
		return notes ? sizeOfNodes(notes) : 0;
	}
}

function sizeOf(content: Content, length: number): number {
	if (content instanceof Y.ContentString) return length;
	return content instanceof Y.ContentType ? 1 : 0;
}

function sizeOfNodes(parent: SharedType): number {
	let size = 0;
	for (let item = parent._start; item !== null; item = item.right) {
		if (item.deleted || !(item.content instanceof Y.ContentType)) continue;
		const { type } = item.content;
		size += 1 + (type instanceof Y.XmlText ? type._length : sizeOfNodes(type));
	}
	return size;
}

function piecesOf({ isKnown, type }: Container): number {
	let pieces = 0;
	for (let item = isKnown ? type!._start : null; item !== null; item = item.right) pieces += 1;
	return pieces;
}

function typeAt(map: SharedType | undefined, key: string): SharedType | undefined {
	const item = map?._map.get(key);
	return item && !item.deleted && item.content instanceof Y.ContentType ? item.content.type : undefined;
}
