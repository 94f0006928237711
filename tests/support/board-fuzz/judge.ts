import * as Y from 'yjs';
import { isRefusal, type RefusalCode } from '#domain/refusal.ts';
import { inspectUpdate, type Inspection } from '#doc/inspection/inspect.ts';
import { differences, pictureOf } from './board-picture.ts';
import { problemsOf } from './board-validity.ts';
import { reportOf } from './yjs-report.ts';

export type Verdict =
	{ code: RefusalCode; message: string } | { code: null; inspection: Inspection; isTight: boolean };

/**
 * Inspects an update and, if it is accepted, applies it and holds what Yjs really did against what was named.
 * @throws {Error} for anything the inspection promised and did not keep
 */
export function judge(doc: Y.Doc, update: Uint8Array): Verdict {
	const untouched = fingerprint(doc);
	let inspection: Inspection;
	try {
		inspection = inspectUpdate(doc, update);
	} catch (error) {
		assert(fingerprint(doc) === untouched, 'a refused update changed the document');
		if (isRefusal(error)) return { code: error.code, message: error.message };
		throw new Error('the inspection failed', { cause: error });
	}
	assert(fingerprint(doc) === untouched, 'the inspection changed the document');
	return { code: null, inspection, isTight: applyAndCompare(doc, update, inspection) };
}

/** @returns whether exactly those places were named that Yjs reports */
function applyAndCompare(doc: Y.Doc, update: Uint8Array, { touched, isKnown, writers }: Inspection): boolean {
	const before = pictureOf(doc);
	const clocks = Y.encodeStateVector(doc).toString();
	const named = touched.map((path) => path.join('/'));
	const reported = reportOf(doc, () => Y.applyUpdate(doc, update));
	assert(!doc.store.pendingStructs && !doc.store.pendingDs, 'something stays pending');
	const changed = differences(before, pictureOf(doc));
	for (const place of [...changed, ...reported]) {
		const isNamed = named.some((name) => place === name || place.startsWith(`${name}/`));
		assert(isNamed, `${place} changed; named were ${named.join(', ') || 'none'}`);
	}
	const problems = problemsOf(doc);
	assert(problems.length === 0, `the document breaks its format: ${problems.join('; ')}`);
	const isSameState = Y.encodeStateVector(doc).toString() === clocks;
	assert(isSameState === (writers.length === 0), 'the writers are not those whose clocks moved');
	if (isKnown) assert(isSameState && changed.length === 0, 'a known update changed something');
	return reported.length === named.length && named.every((name) => reported.includes(name));
}

/** Whatever Yjs keeps beside its structs, and how many of those there are. */
function fingerprint({ store, share }: Y.Doc): string {
	const counts = [...store.clients].map(([client, structs]) => `${client}:${structs.length}`);
	const pending = Boolean(store.pendingStructs) || Boolean(store.pendingDs);
	return `${[...share.keys()].join()} ${counts.join()} ${pending}`;
}

function assert(holds: boolean, message: string): asserts holds {
	if (!holds) throw new Error(message);
}
