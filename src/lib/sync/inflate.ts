/** Whether this browser can. */
export const canInflate = 'DecompressionStream' in globalThis;

/** Unpacks bytes in the zlib format. @throws if they are damaged */
export async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
	const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
	return new Response(packed.pipeThrough(new DecompressionStream('deflate'))).bytes();
}
