import type { Evidence } from '#domain/evidence.ts';

/** One record of the library as the list shows it. There are hundreds on a page, so what does not hold is left out. */
export interface LibraryEntry {
	id: string;
	name: string;
	nameEn: string;
	/** The name as printed, where a misprint was corrected. */
	originalName?: string | undefined;
	/** First letters of the name's reading: 昆玉铁路 → `kytl`. */
	initials: string;
	/** Programme, platform …; absent for what is simply a project. */
	kind?: string | undefined;
	sector: string;
	leadCity?: string | undefined;
	cities: string[];
	/** What the newest evidence says; its stage gives the column the record belongs to. */
	newest: Pick<Evidence, 'document' | 'date' | 'stage' | 'modality'>;
	/** How many statements there are besides the newest, if any. */
	older?: number | undefined;
	/** A document of the year of the newest ones speaks of it. */
	isVerified?: true | undefined;
	/** The newest document contradicts itself about the stage. */
	isContradictory?: true | undefined;
	/** The places are general knowledge and stand in no document. */
	isPlaceGeneral?: true | undefined;
}
