/** Any origin will do: an address that leads away from it is not ours. */
const HERE = 'http://here.invalid';

/**
 * `to` if it is an address on this server, else the front page: what a link asks for after signing in must not lead
 * elsewhere. Read as a browser reads it, which drops tabs and takes `\` for `/`.
 */
export function ownAddress(to: unknown): string {
	if (typeof to !== 'string' || !to.startsWith('/') || !URL.canParse(to, HERE)) return '/';
	const { origin, pathname, search, hash } = new URL(to, HERE);
	return origin === HERE && !pathname.startsWith('//') ? pathname + search + hash : '/';
}
