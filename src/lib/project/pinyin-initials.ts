import { pinyin } from 'pinyin-pro';

const known = new Map<string, string>();
/** A portfolio has hundreds of names; the bound only guards against a board that is renamed all day. */
const KNOWN_MAX = 20_000;

/** First letters of a name's reading, Latin letters and digits as they are: 昆玉铁路 → `kytl`. */
export function pinyinInitials(name: string): string {
	const before = known.get(name);
	if (before !== undefined) return before;
	const letters = pinyin(name, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'consecutive' })
		.join('')
		.toLowerCase()
		.replace(/[^a-z0-9]/g, '');
	if (known.size >= KNOWN_MAX) known.clear();
	known.set(name, letters);
	return letters;
}
