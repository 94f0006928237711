import { isIPv6 } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Rate, TokenBuckets } from './token-bucket.ts';

/** Who tries a password. */
export interface Attempt {
	/** The account that is meant, whether or not there is one. */
	account: string;
	address: string;
	/** A browser in which this account has signed in before. */
	device: string | undefined;
}

/** Wrong passwords for one account from one place, a known browser being a place of its own. */
const PER_PLACE: Rate = { burst: 10, everyMs: 2_000 };
/** Wrong passwords from one address for whatever account; an office shares one. */
const PER_ADDRESS: Rate = { burst: 60, everyMs: 1_000 };
/** Wrong passwords for one account from wherever. */
const PER_ACCOUNT: Rate = { burst: 40, everyMs: 20_000 };
/** What an attempt costs from a place the account does not know while it is under attack from many. */
const COST_UNDER_ATTACK = 5;
/** So long somebody is made to wait instead of being sent away. */
const HELD_MAX_MS = 5_000;
const IPV6_NETWORK_GROUPS = 4;

/** Whoever has one IPv6 address has its whole /64. */
function networkOf(address: string): string {
	if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
	const [head = '', tail] = address.split('::');
	const groups = head.split(':').filter(Boolean);
	const rest = tail?.split(':').filter(Boolean) ?? [];
	const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
	return [...groups, ...zeros, ...rest].slice(0, IPV6_NETWORK_GROUPS).join(':');
}

/**
 * Slows the guessing of passwords down, by account and by address, without shutting the account's owner out: nobody
 * is refused for what is tried elsewhere, and a browser they have signed in with before is counted by itself.
 */
export class AttemptLimiter {
	readonly #places: TokenBuckets;
	readonly #addresses: TokenBuckets;
	readonly #accounts: TokenBuckets;
	constructor(now: () => number = () => performance.now()) {
		this.#places = new TokenBuckets(PER_PLACE, now);
		this.#addresses = new TokenBuckets(PER_ADDRESS, now);
		this.#accounts = new TokenBuckets(PER_ACCOUNT, now);
	}

	/**
	 * Lets an attempt through, after a while if there were many.
	 * @returns what to call when the password was right, or after how many seconds to try again
	 */
	async admit(attempt: Attempt): Promise<{ succeeded(): void } | { retryAfterS: number }> {
		const { account, device } = attempt;
		const address = networkOf(attempt.address);
		const place = `${account} ${device ?? address}`;
		const isUnderAttack = device === undefined && this.#accounts.left(account) < 1;
		const cost = isUnderAttack ? COST_UNDER_ATTACK : 1;
		const addressWaitMs = device === undefined ? this.#addresses.waitMs(address, 1) : 0;
		const waitMs = Math.max(addressWaitMs, this.#places.waitMs(place, cost));
		if (waitMs > HELD_MAX_MS) return { retryAfterS: Math.ceil(waitMs / 1_000) };
		const spend = (sign: 1 | -1) => {
			this.#places.spend(place, sign * cost);
			this.#accounts.spend(account, sign);
			if (device === undefined) this.#addresses.spend(address, sign);
		};
		spend(1);
		if (waitMs > 0) await wait(waitMs);
		return { succeeded: () => spend(-1) };
	}
}
