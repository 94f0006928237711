import * as Y from 'yjs';
import type { Change, ChangeValue } from '#domain/change.ts';
import type { Clash as FoundClash } from '#doc/inspection/clashes.ts';
import type { Clash } from '#protocol/message.ts';
import type { FirstWriters } from './first-writers.ts';
import { nameOf } from './read-path.ts';

interface Circumstances {
	/** Of the entry that brought the second value. */
	seq: number;
	at: string;
	actorId: string;
	/** Whose the Yjs clients are. */
	owners: Pick<FirstWriters, 'of'>;
}

/**
 * Says of clashes who set what, and what stands now.
 * @param doc with the update applied
 * @returns those that matter to people: between two of them, and about more than an order among neighbours
 */
export function describeClashes(
	doc: Y.Doc,
	clashes: readonly FoundClash[],
	{ seq, at, actorId, owners }: Circumstances
): Clash[] {
	return clashes.flatMap(({ path, standing, incoming }) => {
		const other = owners.of(standing.client);
		if (other === undefined || other === actorId) return [];
		if (isAboutOrder(path, standing.value, incoming.value)) return [];
		const isKept = incoming.client === null || clientAt(doc, path) === incoming.client;
		return {
			seq,
			at,
			path: [...path],
			kept: isKept ? 'incoming' : 'standing',
			standing: { actorId: other, value: standing.value ?? null },
			incoming: { actorId, value: incoming.value ?? null }
		};
	});
}

/** Where something stands among its neighbours, but not where it belongs: nobody set that as a value. */
function isAboutOrder([root, , field]: FoundClash['path'], one: unknown, other: unknown): boolean {
	if (root === 'stages') return field === 'order';
	if (field !== 'place') return false;
	const stageOf = (place: unknown) => (place as { stage?: unknown } | undefined)?.stage;
	return stageOf(one) === stageOf(other);
}

/** The Yjs client whose value stands under a key. */
function clientAt(doc: Y.Doc, path: readonly string[]): number | undefined {
	const [root = '', ...keys] = path;
	const key = keys.pop() ?? '';
	let map: unknown = doc.getMap(root);
	for (const step of keys) map = map instanceof Y.Map ? map.get(step) : undefined;
	return map instanceof Y.Map ? map._map.get(key)?.id.client : undefined;
}

/**
 * What the history says of an entry's clashes, so that no value anybody set is missing from it.
 * @param doc with the update applied
 * @param changes what else the entry changed
 */
export function clashChanges(doc: Y.Doc, clashes: readonly Clash[], changes: readonly Change[]): Change[] {
	return clashes.map(({ path, kept, standing, incoming }) => {
		const [stands, lost] = kept === 'standing' ? [standing, incoming] : [incoming, standing];
		const place = placeOf(path);
		const lastName = changes.find(({ projectId }) => projectId === place.projectId)?.projectName;
		return {
			kind: 'clash',
			...place,
			projectName: place.projectId === null ? null : (nameOf(doc, place.projectId) ?? lastName ?? null),
			before: { actorId: lost.actorId, value: lost.value as ChangeValue },
			after: { actorId: stands.actorId, value: stands.value as ChangeValue }
		};
	});
}

function placeOf(path: readonly string[]) {
	const [root, id = null, field = null, member = null] = path as readonly (string | null)[];
	if (root === 'meta') return { projectId: null, stageId: null, field: id, member: null };
	if (root === 'stages') return { projectId: null, stageId: id, field, member: null };
	return { projectId: id, stageId: null, field, member };
}
