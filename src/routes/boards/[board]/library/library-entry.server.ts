import { pinyinInitials } from '#lib/project/pinyin-initials.ts';
import type { PortfolioProject } from '#seeds/schema.ts';
import type { LibraryEntry } from './library-entry.ts';

/** What a record has beyond the least of all records. */
function remarksOf(record: PortfolioProject): Partial<LibraryEntry> {
	return {
		...(record.originalName && { originalName: record.originalName }),
		...(record.kind !== 'project' && { kind: record.kind }),
		...(record.leadCity && { leadCity: record.leadCity }),
		...(record.evidence.length > 1 && { older: record.evidence.length - 1 }),
		...(record.verified && { isVerified: true }),
		...(record.stageConflict && { isContradictory: true }),
		...(record.placeBasis === 'general' && { isPlaceGeneral: true })
	};
}

/** One record as the list shows it: the rest is fetched when somebody opens it or adds it to the board. */
export function entryOf(record: PortfolioProject): LibraryEntry {
	const { document, date, stage, modality } = record.evidence.find(({ id }) => id === record.stageEvidence)!;
	return {
		id: record.id,
		name: record.name,
		nameEn: record.nameEn,
		initials: pinyinInitials(record.name),
		sector: record.sector,
		cities: record.cities,
		newest: { document, date, stage, modality },
		...remarksOf(record)
	};
}
