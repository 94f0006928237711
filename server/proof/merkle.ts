import { hash } from 'node:crypto';

/** Leaves and nodes are digested apart, so that no node can be passed off as a leaf. */
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const digest = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');
const leafOf = (bytes: Uint8Array): Buffer => digest(LEAF, bytes);
const nodeOf = (left: Uint8Array, right: Uint8Array): Buffer => digest(NODE, left, right);

/** How many leaves stand in the left half of a tree of so many: the largest power of two below. */
function leftSize(size: number): number {
	let left = 1;
	while (left * 2 < size) left *= 2;
	return left;
}

/** Root of the hash tree over leaves in their order, as RFC 6962 makes it. */
export function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
	if (leaves.length === 0) return digest();
	if (leaves.length === 1) return leafOf(leaves[0]!);
	const split = leftSize(leaves.length);
	return nodeOf(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

/** What one leaf needs beside itself to show that it belongs to a root: the hashes on its way up, lowest first. */
export function merklePath(leaves: readonly Uint8Array[], index: number): Buffer[] {
	if (leaves.length <= 1) return [];
	const split = leftSize(leaves.length);
	const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
	return index < split
		? [...merklePath(left, index), merkleRoot(right)]
		: [...merklePath(right, index - split), merkleRoot(left)];
}

/** The root a leaf and its path lead to; undefined if the path does not fit a tree of this size. */
export function rootByPath(
	leaf: Uint8Array,
	{ index, size, path }: { index: number; size: number; path: readonly Uint8Array[] }
): Buffer | undefined {
	if (index < 0 || index >= size) return undefined;
	if (size === 1) return path.length === 0 ? leafOf(leaf) : undefined;
	const beside = path.at(-1);
	if (!beside) return undefined;
	const split = leftSize(size);
	const below = path.slice(0, -1);
	const isLeft = index < split;
	const own = isLeft
		? rootByPath(leaf, { index, size: split, path: below })
		: rootByPath(leaf, { index: index - split, size: size - split, path: below });
	return own && (isLeft ? nodeOf(own, beside) : nodeOf(beside, own));
}
