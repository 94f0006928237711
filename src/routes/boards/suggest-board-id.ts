const MAX_CHARS = 40;

/**
 * An id for a board of this title, to be changed by who makes it: Chinese by its reading, `滇中铁路 2026` →
 * `dianzhongtielu-2026`; empty for a title without letters and digits.
 */
export async function suggestBoardId(title: string): Promise<string> {
	// the readings are large, and few people make boards
	const { pinyin } = await import('pinyin-pro');
	return pinyin(title, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true })
		.map((part) => (/^[a-zü]+$/.test(part) ? part : `-${part}-`))
		.join('')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.slice(0, MAX_CHARS)
		.replace(/^-+|-+$/g, '');
}
