import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { merklePath, merkleRoot, rootByPath } from './merkle.ts';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaves = fc.array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 40 });

test('small trees have the roots RFC 6962 gives them', () => {
	const [a, b, c] = ['a', 'b', 'c'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
	const leaf = (bytes: Buffer) => sha256(Buffer.of(0), bytes);
	const node = (left: Buffer, right: Buffer) => sha256(Buffer.of(1), left, right);
	expect(merkleRoot([])).toEqual(sha256());
	expect(merkleRoot([a])).toEqual(leaf(a));
	expect(merkleRoot([a, b, c])).toEqual(node(node(leaf(a), leaf(b)), leaf(c)));
});

test('each leaf leads to the root by its path, and to no root from another place', () => {
	fc.assert(
		fc.property(leaves, fc.nat(), (all, any) => {
			const index = any % all.length;
			const path = merklePath(all, index);
			const place = { index, size: all.length, path };
			expect(rootByPath(all[index]!, place)).toEqual(merkleRoot(all));
			const other = Buffer.concat([all[index]!, Buffer.of(7)]);
			expect(rootByPath(other, place)).not.toEqual(merkleRoot(all));
			expect(rootByPath(all[index]!, { ...place, index: all.length })).toBeUndefined();
			expect(rootByPath(all[index]!, { ...place, path: [...path, Buffer.alloc(32)] })).not.toEqual(
				merkleRoot(all)
			);
		})
	);
});
