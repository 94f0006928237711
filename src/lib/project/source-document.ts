import { getLocale } from '#lib/paraglide/runtime.js';

/** A document that evidence comes from, as pages show it. */
export interface SourceDocument {
	id: string;
	/** The few words it is known by, Chinese and English. */
	short: string;
	shortEn: string;
	titleZh: string;
	titleEn: string;
	date: string;
	/** `certain`, or how sure it is that the date was inferred rightly. */
	dateCertainty: string;
	/** Where the date comes from. */
	dateBasis: { zh: string; en: string };
}

/** Documents by id. */
export type SourceDocuments = Readonly<Record<string, SourceDocument>>;

/** The few words a document is known by; an unknown id as it is. */
export function documentName(documents: SourceDocuments, id: string): string {
	const document = documents[id];
	return (getLocale() === 'en' ? document?.shortEn : document?.short) ?? id;
}

/** The whole title of a document; an unknown id as it is. */
export function documentTitle(documents: SourceDocuments, id: string): string {
	const document = documents[id];
	return (getLocale() === 'en' ? document?.titleEn : document?.titleZh) ?? id;
}
