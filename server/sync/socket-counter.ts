import type { SyncLimits } from './limits.ts';

/** Counts open sockets by user and by address, so that neither can take them all. */
export class SocketCounter {
	readonly #limits: Pick<SyncLimits, 'socketsPerUser' | 'socketsPerAddress'>;
	readonly #byUser = new Map<string, number>();
	readonly #byAddress = new Map<string, number>();
	constructor(limits: Pick<SyncLimits, 'socketsPerUser' | 'socketsPerAddress'>) {
		this.#limits = limits;
	}

	/** Takes a place for one more socket; false where there is none. */
	take(userId: string, address: string): boolean {
		if ((this.#byUser.get(userId) ?? 0) >= this.#limits.socketsPerUser) return false;
		if ((this.#byAddress.get(address) ?? 0) >= this.#limits.socketsPerAddress) return false;
		this.#byUser.set(userId, (this.#byUser.get(userId) ?? 0) + 1);
		this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
		return true;
	}

	/** Gives a place back. */
	release(userId: string, address: string): void {
		for (const [map, key] of [
			[this.#byUser, userId],
			[this.#byAddress, address]
		] as const) {
			const left = (map.get(key) ?? 1) - 1;
			if (left > 0) map.set(key, left);
			else map.delete(key);
		}
	}
}
