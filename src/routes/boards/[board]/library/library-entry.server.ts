import { pinyinInitials } from '#lib/project/pinyin-initials.ts';
import type { PortfolioProject } from '#seeds/schema.ts';
import type { LibraryEntry } from './library-entry.ts';

/** One record as the list shows it: the rest is fetched when somebody opens it or adds it to the board. */
export function entryOf(record: PortfolioProject): LibraryEntry {
	const newest = record.evidence.find(({ id }) => id === record.stageEvidence)!;
	return {
		id: record.id,
		name: record.name,
		nameEn: record.nameEn,
		originalName: record.originalName ?? null,
		initials: pinyinInitials(record.name),
		kind: record.kind,
		sector: record.sector,
		leadCity: record.leadCity ?? null,
		cities: record.cities,
		stage: record.stage,
		newest: {
			document: newest.document,
			date: newest.date,
			stage: newest.stage,
			modality: newest.modality
		},
		older: record.evidence.length - 1,
		isVerified: record.verified,
		isContradictory: record.stageConflict === true,
		isPlaceGeneral: record.placeBasis === 'general'
	};
}
