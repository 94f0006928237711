/** A stretch of text that stayed, went, or came. */
export interface Piece {
	kind: 'same' | 'removed' | 'added';
	text: string;
}

/** Comparing word by word costs the product of both lengths; beyond this the whole middle is told as replaced. */
const COMPARISONS_MAX = 1_000_000;

const words = new Intl.Segmenter('zh', { granularity: 'word' });
const wordsOf = (text: string): string[] => Array.from(words.segment(text), ({ segment }) => segment);

/**
 * What changed between two texts, word by word, Chinese words too.
 * Without the added pieces it reads as `before`, without the removed ones as `after`.
 */
export function textDifference(before: string, after: string): Piece[] {
	const [old, now] = [wordsOf(before), wordsOf(after)];
	const shorter = Math.min(old.length, now.length);
	let start = 0;
	while (start < shorter && old[start] === now[start]) start += 1;
	let end = 0;
	while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
	return joined([
		...pieces('same', old.slice(0, start)),
		...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
		...pieces('same', old.slice(old.length - end))
	]);
}

const pieces = (kind: Piece['kind'], texts: readonly string[]): Piece[] =>
	texts.map((text) => ({ kind, text }));

function middle(old: readonly string[], now: readonly string[]): Piece[] {
	if (old.length * now.length > COMPARISONS_MAX) return [...pieces('removed', old), ...pieces('added', now)];
	const kept = longestCommon(old, now);
	const found: Piece[] = [];
	let [i, j] = [0, 0];
	while (i < old.length || j < now.length) {
		if (i < old.length && j < now.length && old[i] === now[j]) {
			found.push({ kind: 'same', text: old[i]! });
			[i, j] = [i + 1, j + 1];
		} else if (j >= now.length || (i < old.length && kept[i + 1]![j]! >= kept[i]![j + 1]!)) {
			found.push({ kind: 'removed', text: old[i++]! });
		} else {
			found.push({ kind: 'added', text: now[j++]! });
		}
	}
	return found;
}

/** How many words the ends of both texts from i and j on have in common, in order. */
function longestCommon(old: readonly string[], now: readonly string[]): Uint32Array[] {
	const kept = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
	for (let i = old.length - 1; i >= 0; i--) {
		for (let j = now.length - 1; j >= 0; j--) {
			const isSame = old[i] === now[j];
			kept[i]![j] = isSame ? kept[i + 1]![j + 1]! + 1 : Math.max(kept[i + 1]![j]!, kept[i]![j + 1]!);
		}
	}
	return kept;
}

/** Neighbours of one kind as one piece; where something was replaced, first what went, then what came. */
function joined(list: readonly Piece[]): Piece[] {
	const result: Piece[] = [];
	let [removed, added] = ['', ''];
	const flush = () => {
		if (removed !== '') result.push({ kind: 'removed', text: removed });
		if (added !== '') result.push({ kind: 'added', text: added });
		[removed, added] = ['', ''];
	};
	for (const { kind, text } of list) {
		if (kind === 'removed') removed += text;
		else if (kind === 'added') added += text;
		else {
			flush();
			const last = result.at(-1);
			if (last?.kind === 'same') last.text += text;
			else result.push({ kind, text });
		}
	}
	flush();
	return result;
}

/** The same pieces with what stayed cut to so many characters beside each change; cut places read `…`. */
export function withContext(list: readonly Piece[], chars: number): Piece[] {
	return list.map((piece, index) => {
		if (piece.kind !== 'same' || list.length === 1) return piece;
		const head = index === 0 ? '' : firstChars(piece.text, chars);
		const tail = index === list.length - 1 ? '' : lastChars(piece.text, chars);
		const isShort = piece.text.length <= head.length + tail.length + 1;
		return isShort ? piece : { kind: 'same', text: `${head}…${tail}` };
	});
}

const firstChars = (text: string, chars: number) => text.slice(0, chars).replace(/[\ud800-\udbff]$/, '');
const lastChars = (text: string, chars: number) => text.slice(-chars).replace(/^[\udc00-\udfff]/, '');
