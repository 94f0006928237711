import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A file of an archive, its text read as it is packed. */
export interface ZipFile {
	name: string;
	content: AsyncIterable<string>;
}

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Sizes follow the content; names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** The first day a ZIP file knows, 1980-01-01: when it was packed is nobody's business. */
const NO_DATE = 0x0021;
/** Without the 64-bit extension, which not every reader of such files has. */
const OFFSET_MAX = 0xffff_ffff;

interface Packed {
	name: Buffer;
	crc: number;
	packedBytes: number;
	bytes: number;
	offset: number;
}

/** Numbers of two and four bytes, one behind the other. */
function record(...fields: readonly [bytes: 2 | 4, value: number][]): Buffer {
	const buffer = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0));
	let offset = 0;
	for (const [bytes, value] of fields) offset = buffer.writeUIntLE(value, offset, bytes);
	return buffer;
}

/**
 * Packs files into a ZIP archive, each as it comes: neither a file nor the archive is ever held whole.
 * @throws {RangeError} if it would be larger than 4 GiB
 */
export async function* zipOf(files: AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array> {
	const packed: Packed[] = [];
	let offset = 0;
	const sent = (chunk: Uint8Array) => {
		offset += chunk.length;
		if (offset > OFFSET_MAX) throw new RangeError('the archive would be larger than 4 GiB');
		return chunk;
	};
	for await (const { name, content } of files) {
		const file: Packed = { name: Buffer.from(name), crc: 0, packedBytes: 0, bytes: 0, offset };
		yield sent(localHeader(file));
		for await (const chunk of deflated(content, file)) yield sent(chunk);
		yield sent(record([4, DESCRIPTOR], [4, file.crc], [4, file.packedBytes], [4, file.bytes]));
		packed.push(file);
	}
	const start = offset;
	for (const file of packed) yield sent(centralHeader(file));
	const count = packed.length;
	yield record([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, offset - start], [4, start], [2, 0]);
}

/** The content packed; what becomes known on the way is noted on the file. */
async function* deflated(content: AsyncIterable<string>, file: Packed): AsyncGenerator<Buffer> {
	async function* counted() {
		for await (const text of content) {
			const bytes = Buffer.from(text);
			file.crc = crc32(bytes, file.crc);
			file.bytes += bytes.length;
			yield bytes;
		}
	}
	const deflate = createDeflateRaw();
	const flow = pipeline(Readable.from(counted(), { objectMode: false }), deflate);
	flow.catch(() => undefined); // said by the stream that is read below, too
	for await (const chunk of deflate as AsyncIterable<Buffer>) {
		file.packedBytes += chunk.length;
		yield chunk;
	}
	await flow;
}

/** What both headers of a file begin with. */
const COMMON: readonly [2, number][] = [
	[2, VERSION],
	[2, FLAGS],
	[2, DEFLATE],
	[2, 0],
	[2, NO_DATE]
];

/** The sizes stand in the descriptor behind the content. */
function localHeader({ name }: Packed): Buffer {
	const head = record([4, LOCAL_HEADER], ...COMMON, [4, 0], [4, 0], [4, 0], [2, name.length], [2, 0]);
	return Buffer.concat([head, name]);
}

function centralHeader({ name, crc, packedBytes, bytes, offset }: Packed): Buffer {
	const head = record(
		[4, CENTRAL_HEADER],
		[2, VERSION],
		...COMMON,
		[4, crc],
		[4, packedBytes],
		[4, bytes],
		[2, name.length],
		[2, 0],
		[2, 0],
		[2, 0],
		[2, 0],
		[4, 0],
		[4, offset]
	);
	return Buffer.concat([head, name]);
}
