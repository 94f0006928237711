import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import { assertRoot } from './assert-root.ts';
import { type BoundedDecoder, KIND } from './bounded-decoder.ts';

export type Struct = Y.Item | Y.GC | Y.Skip;
type Content = Y.Item['content'];

/** What else the first byte of a struct says. */
const HAS_KEY = 1 << 5;
const HAS_RIGHT_ORIGIN = 1 << 6;
const HAS_ORIGIN = 1 << 7;

const NO_ITEM = { gc: 0, skip: 10 };

/** Yjs' shared types by the number they are written as. */
const TYPES: readonly ((decoder: BoundedDecoder) => Y.ContentType['type'])[] = [
	() => new Y.Array(),
	() => new Y.Map(),
	() => new Y.Text(),
	(decoder) => new Y.XmlElement(decoder.readKey()),
	() => new Y.XmlFragment(),
	(decoder) => new Y.XmlHook(decoder.readKey()),
	() => new Y.XmlText()
];

/**
 * Reads the next struct of an update: what Yjs reads, but in steps of our own.
 * @throws {Refusal} `schema` for what no board holds
 */
export function readStruct(decoder: BoundedDecoder, id: Y.ID): Struct {
	const info = decoder.readInfo();
	const kind = info & KIND;
	if (kind === NO_ITEM.gc) return new Y.GC(id, decoder.readLen());
	if (kind === NO_ITEM.skip) return readSkip(decoder, id, info);
	const origin = (info & HAS_ORIGIN) !== 0 ? decoder.readLeftID() : null;
	const rightOrigin = (info & HAS_RIGHT_ORIGIN) !== 0 ? decoder.readRightID() : null;
	const saysPlace = origin === null && rightOrigin === null;
	const parent = saysPlace ? readParent(decoder) : null;
	const key = saysPlace && (info & HAS_KEY) !== 0 ? decoder.readString() : null;
	// Yjs writes the name of a root there too, and takes it from there itself
	return new Y.Item(
		id,
		null,
		origin,
		null,
		rightOrigin,
		parent as Y.ID | null,
		key,
		readContent(decoder, kind)
	);
}

/** Yjs reads one with further bits as something else in one place, and as a skip in another. */
function readSkip(decoder: BoundedDecoder, id: Y.ID, info: number): Y.Skip {
	if (info !== NO_ITEM.skip) throw new Refusal('malformed-update', 'a skip has a place');
	return new Y.Skip(id, decoder.readLen());
}

/** The name of a root, or the id of the item that holds the container. */
function readParent(decoder: BoundedDecoder): string | Y.ID {
	if (!decoder.readParentInfo()) return decoder.readLeftID();
	const name = decoder.readString();
	assertRoot(name);
	return name;
}

function readContent(decoder: BoundedDecoder, kind: number): Content {
	switch (kind) {
		case 1:
			return new Y.ContentDeleted(decoder.readLen());
		case 4:
			return new Y.ContentString(decoder.readString());
		case 6:
			return new Y.ContentFormat(decoder.readKey(), decoder.readJSON() as object);
		case 7:
			return new Y.ContentType(readType(decoder));
		case 8:
			return new Y.ContentAny(readValues(decoder));
		default:
			throw new Error(`content of kind ${kind}`); // the decoder let it pass
	}
}

function readType(decoder: BoundedDecoder): Y.ContentType['type'] {
	const read = TYPES[decoder.readTypeRef()];
	if (!read) throw new Refusal('malformed-update', 'holds a container of no kind');
	return read(decoder);
}

function readValues(decoder: BoundedDecoder): unknown[] {
	const values: unknown[] = [];
	for (let left = decoder.readLen(); left > 0; left--) values.push(decoder.readAny());
	return values;
}
