import * as Y from 'yjs';
import { NOTES_MAX_CHARS, TEXT_PIECES_MAX } from '#domain/limits.ts';
import type { Path, Place, SharedType } from './container.ts';
import { refuse } from './refuse.ts';

type Content = Y.Item['content'];

/** Keeps notes, and each run of text in them, within their limits. */
export class NotesCapacity {
	readonly #doc: Y.Doc;
	/** By the path of the notes; the same notes may have several. */
	#growth: Map<Path, { place: Place; chars: number }> | undefined;
	/** Texts that get new pieces. */
	readonly #texts: Place[] = [];

	constructor(doc: Y.Doc) {
		this.#doc = doc;
	}

	/** Takes a new item of which `length` is not known yet. */
	add(content: Content, place: Place, length: number): void {
		const { container } = place;
		this.#grow(place, sizeOf(content, length));
		container.added += 1;
		if (!(container.type instanceof Y.XmlText)) return;
		if (container.added === 1) this.#texts.push(place);
		// each of them costs until the end, which need not be waited for
		if (container.added > TEXT_PIECES_MAX) refusePieces(place);
	}

	/** Takes the deletion of `length` of a live item, of the document or of the update. */
	remove(content: Content, place: Place, length: number): void {
		this.#grow(place, -sizeOf(content, length));
	}

	/** @throws {Refusal} `too-large` with the path of notes that would hold too much */
	assertKept(): void {
		for (const place of this.#texts) {
			if (place.container.added + piecesOf(place.container.known) > TEXT_PIECES_MAX) refusePieces(place);
		}
		for (const [projectId, { place, chars }] of this.#byProject()) {
			if (chars > 0 && chars + this.#notesOf(projectId) > NOTES_MAX_CHARS)
				refuse(place, `would hold more than ${NOTES_MAX_CHARS} characters`, 'too-large');
		}
	}

	#grow(place: Place, chars: number): void {
		const notes = (this.#growth ??= new Map());
		const growth = notes.get(place.path);
		if (growth) growth.chars += chars;
		else notes.set(place.path, { place, chars });
	}

	#byProject(): Map<string, { place: Place; chars: number }> {
		const byProject = new Map<string, { place: Place; chars: number }>();
		for (const { place, chars } of this.#growth?.values() ?? []) {
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

function refusePieces(place: Place): never {
	return refuse(place, `would have a text of more than ${TEXT_PIECES_MAX} pieces`, 'too-large');
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

function piecesOf(text: SharedType | undefined): number {
	let pieces = 0;
	for (let item = text?._start; item; item = item.right) pieces += 1;
	return pieces;
}

function typeAt(map: SharedType | undefined, key: string): SharedType | undefined {
	const item = map?._map.get(key);
	return item && !item.deleted && item.content instanceof Y.ContentType ? item.content.type : undefined;
}
