import { type KeyObject, sign, verify } from 'node:crypto';
import * as v from 'valibot';
import { isPartialDate } from '#domain/dates.ts';
import { merklePath, merkleRoot, rootByPath } from './merkle.ts';

export const ROOT_FORMAT = 'tongchou-root/1';

/** How far a board's journal went when a root was made. */
export interface BoardHead {
	board: string;
	seq: number;
	hash: string;
}
/** The same in a root of which not every board is shown: with its place in the tree and the hashes on its way up. */
export interface ProvedHead extends BoardHead {
	index: number;
	path: string[];
}

/**
 * The state of all boards at one moment in one signed hash. `boards` holds all of them, ordered by id, or some with
 * what proves that they belong to it.
 */
export interface SignedRoot {
	format: typeof ROOT_FORMAT;
	/** Day in China. */
	day: string;
	/** ISO 8601 UTC. */
	at: string;
	/** How many boards there were. */
	size: number;
	boards: (BoardHead | ProvedHead)[];
	/** Root of the hash tree over all boards, hex. */
	root: string;
	/** SHA-256 of the public key, hex. */
	key: string;
	/** Ed25519 over the statement, base64. */
	signature: string;
}

/** A key that signs, with the name of its public half. */
export interface SigningKey {
	privateKey: KeyObject;
	id: string;
}
/** Public keys by their names. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

/** Why a root proves nothing. */
export type RootProblem = 'unreadable' | 'unknown-key' | 'bad-signature' | 'other-boards';

const leafOf = ({ board, seq, hash }: BoardHead) => Buffer.from(JSON.stringify([board, seq, hash]));
/** What is signed: all that a root says, the boards by the root of their tree. */
const statementOf = ({ format, day, at, size, root, key }: Omit<SignedRoot, 'boards' | 'signature'>) =>
	Buffer.from(JSON.stringify([format, day, at, size, root, key]));
/** Orders boards as a root does: by the code units of their ids. */
export const byBoard = (a: BoardHead, b: BoardHead): number => (a.board < b.board ? -1 : 1);

/** Signs how far all boards have come. */
export function signRoot(
	heads: readonly BoardHead[],
	{ day, at, key }: { day: string; at: string; key: SigningKey }
): SignedRoot {
	const boards = [...heads].sort(byBoard);
	const root = merkleRoot(boards.map(leafOf)).toString('hex');
	const said = { format: ROOT_FORMAT, day, at, size: boards.length, root, key: key.id } as const;
	const signature = sign(null, statementOf(said), key.privateKey).toString('base64');
	return { ...said, boards, signature };
}

/** A root as far as it speaks of one board: nothing of the others can be read from it. */
export function narrowRoot(whole: SignedRoot, boardId: string): SignedRoot | undefined {
	const leaves = whole.boards.map(leafOf);
	const index = whole.boards.findIndex(({ board }) => board === boardId);
	const head = whole.boards[index];
	if (!head) return undefined;
	const path = merklePath(leaves, index).map((hash) => hash.toString('hex'));
	return { ...whole, boards: [{ ...head, index, path }] };
}

const Hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Head = { board: v.string(), seq: Count, hash: Hash };
const Root = v.strictObject({
	format: v.literal(ROOT_FORMAT),
	day: v.pipe(
		v.string(),
		v.check((day) => isPartialDate(day))
	),
	at: v.pipe(v.string(), v.isoTimestamp()),
	size: Count,
	boards: v.union([
		v.array(v.strictObject(Head)),
		v.array(v.strictObject({ ...Head, index: Count, path: v.array(Hash) }))
	]),
	root: Hash,
	key: Hash,
	signature: v.pipe(v.string(), v.base64())
});

/** A root from what a file holds; undefined if it is none. */
export function parseRoot(value: unknown): SignedRoot | undefined {
	const result = v.safeParse(Root, value);
	return result.success ? result.output : undefined;
}

/** Whether a root is signed with one of these keys and what it says of boards belongs to it; null = all is well. */
export function findRootProblem(root: SignedRoot, keys: PublicKeys): RootProblem | null {
	const key = keys.get(root.key);
	if (!key) return 'unknown-key';
	if (!verify(null, statementOf(root), key, Buffer.from(root.signature, 'base64'))) return 'bad-signature';
	return holdsBoards(root) ? null : 'other-boards';
}

const isProved = (head: BoardHead | ProvedHead): head is ProvedHead => 'path' in head;

function holdsBoards({ boards, size, root }: SignedRoot): boolean {
	const isRoot = (found: Buffer | undefined) => found?.toString('hex') === root;
	const proved = boards.filter(isProved);
	if (proved.length === 0) return boards.length === size && isRoot(merkleRoot(boards.map(leafOf)));
	return proved.every((head) => {
		const path = head.path.map((hash) => Buffer.from(hash, 'hex'));
		return isRoot(rootByPath(leafOf(head), { index: head.index, size, path }));
	});
}
