import * as v from 'valibot';
import { canonicalRow, type Entry } from '#server/journal/entry.ts';
import { type BoardHead, parseRoot, type SignedRoot } from './signed-root.ts';

export const EXPORT_FORMAT = 'tongchou-history/1';

/** First line of an export: which boards are in it, and how far. */
export interface ExportHeader {
	format: typeof EXPORT_FORMAT;
	/** ISO 8601 UTC. */
	exportedAt: string;
	boards: BoardHead[];
}
/** Last line: how many stand before it, and the SHA-256 of their bytes, so that a torn file does not pass for a whole one. */
export interface ExportEnd {
	lines: number;
	sha256: string;
}
/** One line of an export, read; `undefined` where it is none. */
export type ExportLine =
	| { kind: 'header'; header: ExportHeader }
	| { kind: 'root'; name: string; root: SignedRoot | undefined }
	| { kind: 'entry'; entry: Entry }
	| { kind: 'end'; end: ExportEnd };

/** An entry as its line: the row exactly as it is hashed, and what its hash is made of besides. */
export function encodeEntry(entry: Entry): string {
	const { update, prevHash, hash: own } = entry;
	const rest = JSON.stringify({ update: Buffer.from(update).toString('base64'), prevHash, hash: own });
	return `{"row":${canonicalRow(entry)},${rest.slice(1)}`;
}

/** A root with the name of its file as its line. */
export function encodeRoot(name: string, root: SignedRoot): string {
	return JSON.stringify({ name, root });
}

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const EntryLine = v.strictObject({
	row: v.strictTuple([text, count, count, text, v.nullable(text), text, text]),
	update: text,
	prevHash: text,
	hash: text
});
const Header = v.strictObject({
	format: v.literal(EXPORT_FORMAT),
	exportedAt: text,
	boards: v.array(v.strictObject({ board: text, seq: count, hash: text }))
});
const RootLine = v.strictObject({ name: text, root: v.unknown() });
const EndLine = v.strictObject({ end: v.strictObject({ lines: count, sha256: text }) });

/** Reads a line; undefined if it is not exactly what an export writes. */
export function decodeLine(line: string): ExportLine | undefined {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return undefined;
	}
	return decodeEntry(value, line) ?? decodeFrame(value);
}

/** Written again it must be the same text: then no byte of a line is there that means nothing. */
function decodeEntry(value: unknown, line: string): ExportLine | undefined {
	const result = v.safeParse(EntryLine, value);
	if (!result.success) return undefined;
	const [boardId, seq, epoch, actorId, sessionId, receivedAt] = result.output.row;
	const { prevHash, hash: own } = result.output;
	const update = new Uint8Array(Buffer.from(result.output.update, 'base64'));
	const entry = { boardId, seq, epoch, actorId, sessionId, receivedAt, update, prevHash, hash: own };
	return encodeEntry(entry) === line ? { kind: 'entry', entry } : undefined;
}

function decodeFrame(value: unknown): ExportLine | undefined {
	const header = v.safeParse(Header, value);
	if (header.success) return { kind: 'header', header: header.output };
	const root = v.safeParse(RootLine, value);
	if (root.success) return { kind: 'root', name: root.output.name, root: parseRoot(root.output.root) };
	const end = v.safeParse(EndLine, value);
	return end.success ? { kind: 'end', end: end.output.end } : undefined;
}
