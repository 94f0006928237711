/**
 * The word for a key, or the key as it is: keys come from people's documents, and `toString` must not find what every
 * object has.
 */
export function wordFor(words: Readonly<Record<string, () => string>>, key: string): string {
	return Object.hasOwn(words, key) ? words[key]!() : key;
}
