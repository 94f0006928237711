const HEADERS: Record<string, string> = {
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=()'
};
const HSTS = 'max-age=31536000; includeSubDomains';

/** For what is no page: nothing in it is ever run or shown in a frame. */
const CSP_DATA = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** For scripts and other files; pages bring a stricter one of their own, with a nonce for each answer. */
const CSP_FILES =
	"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; " +
	"frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

/** What every answer carries, whoever makes it. */
export function securityHeaders(path: string, isHttps: boolean): Record<string, string> {
	const isFile = !/^\/(api|sync|healthz|readyz|metrics)(\/|$)/.test(path);
	return {
		...HEADERS,
		'content-security-policy': isFile ? CSP_FILES : CSP_DATA,
		...(isHttps && { 'strict-transport-security': HSTS })
	};
}
