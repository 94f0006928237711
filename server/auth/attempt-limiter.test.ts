import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Attempt, AttemptLimiter } from './attempt-limiter.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
	account: 'mei@example.cn',
	address: '10.0.0.1',
	device: undefined,
	...changes
});

/** What became of an attempt: let in at once, made to wait for so long, or sent away. */
async function outcomeOf(limiter: AttemptLimiter, who: Attempt): Promise<string> {
	let outcome = 'waits';
	const startedAt = performance.now();
	void limiter.admit(who).then((admitted) => {
		const waitedMs = performance.now() - startedAt;
		outcome = 'retryAfterS' in admitted ? 'refused' : waitedMs > 0 ? 'waited' : 'at once';
	});
	await vi.advanceTimersByTimeAsync(0);
	return outcome;
}

async function tryOften(limiter: AttemptLimiter, times: number, who: (index: number) => Attempt) {
	const outcomes: string[] = [];
	for (let index = 0; index < times; index++) outcomes.push(await outcomeOf(limiter, who(index)));
	return outcomes;
}

describe('wrong passwords for one account from one address', () => {
	test('are let through ten times, then held, then refused', async () => {
		const outcomes = await tryOften(new AttemptLimiter(), 1_000, () => attempt());
		expect(outcomes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'at once'));
		expect(outcomes.slice(10, 12)).toEqual(['waits', 'waits']);
		expect(new Set(outcomes.slice(12))).toEqual(new Set(['refused']));
	});

	test('say after how long to try again, and then it is let through', async () => {
		const limiter = new AttemptLimiter();
		await tryOften(limiter, 12, () => attempt());
		const refused = await limiter.admit(attempt());
		const retryAfterS = 'retryAfterS' in refused ? refused.retryAfterS : 0;
		expect(retryAfterS).toBeGreaterThan(0);
		await vi.advanceTimersByTimeAsync(retryAfterS * 1_000);
		expect(await outcomeOf(limiter, attempt())).toBe('at once');
	});

	test('do not stop another account, nor another address', async () => {
		const limiter = new AttemptLimiter();
		await tryOften(limiter, 100, () => attempt());
		expect(await outcomeOf(limiter, attempt({ account: 'bo@example.cn' }))).toBe('at once');
		expect(await outcomeOf(limiter, attempt({ address: '10.0.0.2' }))).toBe('at once');
	});

	test('do not stop the person themselves in a browser they know', async () => {
		const limiter = new AttemptLimiter();
		await tryOften(limiter, 100, () => attempt());
		expect(await outcomeOf(limiter, attempt({ device: 'known' }))).toBe('at once');
	});
});

test('right passwords cost nothing', async () => {
	const limiter = new AttemptLimiter();
	for (let index = 0; index < 200; index++) {
		const admitted = await limiter.admit(attempt());
		if ('succeeded' in admitted) admitted.succeeded();
	}
	expect(await outcomeOf(limiter, attempt())).toBe('at once');
});

test('an address that tries one account after another is slowed down', async () => {
	const outcomes = await tryOften(new AttemptLimiter(), 500, (index) =>
		attempt({ account: `person-${index}@example.cn` })
	);
	expect(outcomes.filter((outcome) => outcome === 'at once')).toHaveLength(60);
	expect(outcomes.at(-1)).toBe('refused');
});

describe('an account that is tried from everywhere', () => {
	test('lets each new address in once, its owner too, and then makes it wait', async () => {
		const limiter = new AttemptLimiter();
		await tryOften(limiter, 500, (index) => attempt({ address: `10.1.${index >> 8}.${index & 255}` }));
		const fresh = attempt({ address: '10.9.9.9' });
		expect(await outcomeOf(limiter, fresh)).toBe('at once');
		expect(await tryOften(limiter, 20, () => fresh)).toContain('refused');
	});

	test('is not held against a browser it knows', async () => {
		const limiter = new AttemptLimiter();
		await tryOften(limiter, 500, (index) => attempt({ address: `10.1.${index >> 8}.${index & 255}` }));
		const outcomes = await tryOften(limiter, 10, () => attempt({ device: 'known' }));
		expect(new Set(outcomes)).toEqual(new Set(['at once']));
	});
});

test('addresses of one IPv6 network count as one', async () => {
	const limiter = new AttemptLimiter();
	const outcomes = await tryOften(limiter, 100, (index) =>
		attempt({ address: `2001:db8:1:2::${index + 1}` })
	);
	expect(outcomes.at(-1)).toBe('refused');
	expect(await outcomeOf(limiter, attempt({ address: '2001:db8:1:3::1' }))).toBe('at once');
});
