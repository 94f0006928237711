import { getLocale } from '#lib/paraglide/runtime.js';

/** A name that is kept in both languages, in the reader's; the Chinese one where there is no English one. */
export const inLanguage = (name: string, nameEn: string | null | undefined): string =>
	(getLocale() === 'en' && nameEn) || name;
