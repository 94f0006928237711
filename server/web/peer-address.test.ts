import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { isLocal, isLoopback, peerAddressOf } from './peer-address.ts';

const requestFrom = (remoteAddress: string, headers: Record<string, string> = {}) =>
	({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

describe('the address of the peer', () => {
	const forged = requestFrom('10.0.0.9', { 'x-forwarded-for': '1.2.3.4, 5.6.7.8' });
	test('is the socket’s own, whatever a client says', () => {
		expect(peerAddressOf(forged, false)).toBe('10.0.0.9');
	});
	test('is what the trusted proxy wrote last, not what the client wrote before it', () => {
		expect(peerAddressOf(forged, true)).toBe('5.6.7.8');
		expect(peerAddressOf(requestFrom('10.0.0.9'), true)).toBe('10.0.0.9');
	});
});

test.each([
	['127.0.0.1', true],
	['127.8.8.8', true],
	['::1', true],
	['::ffff:127.0.0.1', true],
	['10.0.0.1', false],
	['::ffff:10.0.0.1', false],
	['1270.0.0.1', false],
	['', false]
])('%s is of this machine: %s', (address, expected) => {
	expect(isLoopback(address)).toBe(expected);
});

describe('a request made on this machine', () => {
	test('comes over the loopback address and through nobody', () => {
		expect(isLocal(requestFrom('127.0.0.1'))).toBe(true);
		expect(isLocal(requestFrom('10.0.0.1'))).toBe(false);
	});
	test.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])(
		'is none where a proxy on it says %s',
		(name) => {
			expect(isLocal(requestFrom('127.0.0.1', { [name]: '127.0.0.1' }))).toBe(false);
		}
	);
});
