import { isSafeLink } from '#doc/rich-text.ts';

/** An address that is longer is hardly one; with it the link would be too large for the document. */
const LINK_MAX_CHARS = 1_500;
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const MAIL = /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/;

/**
 * The address somebody means by what they typed: `www.yn.gov.cn` is a page, `a@yn.gov.cn` a mailbox.
 * @returns undefined for what no link may lead to
 */
export function addressOf(typed: string): string | undefined {
	const text = typed.trim();
	if (text === '') return undefined;
	const scheme = HAS_SCHEME.test(text) ? '' : MAIL.test(text) ? 'mailto:' : 'https://';
	const address = scheme + text;
	return mayLink(address) && URL.canParse(address) ? address : undefined;
}

/** Tells whether a link may lead to an address: http, https or mailto, and not endless. */
export function mayLink(address: unknown): address is string {
	return isSafeLink(address) && address.length <= LINK_MAX_CHARS;
}
