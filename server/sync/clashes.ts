import * as Y from 'yjs';
import type { Clash as FoundClash } from '#doc/inspection/clashes.ts';
import type { Clash } from '#protocol/message.ts';

interface Circumstances {
	/** Of the entry that brought the second value. */
	seq: number;
	at: string;
	actorId: string;
	/** The user a Yjs client belongs to. */
	owner(clientId: number): string | undefined;
}

/**
 * Says of clashes who set what, and what stands now.
 * @param doc with the update applied
 * @returns those between two people; one in two windows needs no telling
 */
export function describeClashes(
	doc: Y.Doc,
	clashes: readonly FoundClash[],
	{ seq, at, actorId, owner }: Circumstances
): Clash[] {
	return clashes.flatMap(({ path, standing, incoming }) => {
		const other = owner(standing.client);
		if (other === undefined || other === actorId) return [];
		const kept = clientAt(doc, path) === incoming.client ? 'incoming' : 'standing';
		return {
			seq,
			at,
			path: [...path],
			kept,
			standing: { actorId: other, value: standing.value ?? null },
			incoming: { actorId, value: incoming.value ?? null }
		};
	});
}

/** The Yjs client whose value stands under a key. */
function clientAt(doc: Y.Doc, path: readonly string[]): number | undefined {
	const [root = '', ...keys] = path;
	const key = keys.pop() ?? '';
	let map: unknown = doc.getMap(root);
	for (const step of keys) map = map instanceof Y.Map ? map.get(step) : undefined;
	return map instanceof Y.Map ? map._map.get(key)?.id.client : undefined;
}
