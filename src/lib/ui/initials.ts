const CHINESE = /\p{Script=Han}/u;

/**
 * The one or two characters an avatar shows: of a Chinese name the last one or two, which tell colleagues of one surname
 * apart; of another name the first letters of its first and last words. `?` for a name without letters.
 */
export function initials(name: string, count: 1 | 2): string {
	const letters = [...name.trim()];
	if (letters.some((letter) => CHINESE.test(letter))) {
		return letters
			.filter((letter) => CHINESE.test(letter))
			.slice(-count)
			.join('');
	}
	const words = name.split(/[\s.·-]+/u).filter((word) => /\p{L}/u.test(word));
	const ends = count === 1 ? words.slice(0, 1) : [...words.slice(0, 1), ...words.slice(1).slice(-1)];
	return ends.map((word) => [...word][0]?.toLocaleUpperCase() ?? '').join('') || '?';
}
