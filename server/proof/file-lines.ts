const NEWLINE = 0x0a;
/** The longest update there may be, in base64, and its row fit well into this. */
const LINE_MAX_BYTES = 16 << 20;

/**
 * The lines of a file as bytes, each with its newline; the last one may lack it.
 * @throws {RangeError} for a line that no export has
 */
export async function* fileLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
	let pieces: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of chunks) {
		let start = 0;
		for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
			yield Buffer.concat([...pieces, chunk.subarray(start, end + 1)]);
			pieces = [];
			bytes = 0;
			start = end + 1;
		}
		pieces.push(chunk.subarray(start));
		bytes += chunk.length - start;
		if (bytes > LINE_MAX_BYTES) throw new RangeError('a line is longer than any of an export');
	}
	if (bytes > 0) yield Buffer.concat(pieces);
}
