import type { Evidence } from '#domain/evidence.ts';

/** One record of the library as the list shows it. */
export interface LibraryEntry {
	id: string;
	name: string;
	nameEn: string;
	/** The name as printed, where a misprint was corrected. */
	originalName: string | null;
	/** First letters of the name's reading: 昆玉铁路 → `kytl`. */
	initials: string;
	kind: string;
	sector: string;
	leadCity: string | null;
	cities: string[];
	/** The column the newest evidence supports. */
	stage: string;
	newest: Pick<Evidence, 'document' | 'date' | 'stage' | 'modality'>;
	/** How many statements there are besides the newest. */
	older: number;
	/** A document of the year of the newest ones speaks of it. */
	isVerified: boolean;
	/** The newest document contradicts itself about the stage. */
	isContradictory: boolean;
	/** The places are general knowledge and stand in no document. */
	isPlaceGeneral: boolean;
}
