import type { IncomingMessage } from 'node:http';

/**
 * Address of the client behind a request. Without a trusted proxy that is the socket's own; with one it is the last
 * that the proxy wrote into `X-Forwarded-For`, since everything before it is the client's own claim.
 */
export function peerAddressOf(request: IncomingMessage, trustProxy: boolean): string {
	const peer = request.socket.remoteAddress ?? '';
	if (!trustProxy) return peer;
	const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
	return forwarded.split(',').at(-1)?.trim() || peer;
}

/** Tells whether an address is this machine itself. */
export function isLoopback(address: string): boolean {
	return /^(127\.|::1$|::ffff:127\.)/.test(address);
}

/** Tells whether a request was made on this machine itself, and not by a proxy on it for somebody else. */
export function isLocal(request: IncomingMessage): boolean {
	const { headers, socket } = request;
	const isPassedOn = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => name in headers);
	return isLoopback(socket.remoteAddress ?? '') && !isPassedOn;
}
