import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DailyRoots } from './daily-roots.ts';

const log: { level: number; msg: string }[] = [];
const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(JSON.parse(line) as never) });
let asked: Date[] = [];
let answer: () => Promise<string | undefined> = () => Promise.resolve('2026-11-25.json');
const writeDaily = (now: Date) => {
	asked.push(now);
	return answer();
};
let daily: DailyRoots;

beforeEach(() => {
	vi.useFakeTimers({
		toFake: ['setInterval', 'clearInterval', 'Date'],
		now: new Date('2026-11-25T15:58:30Z')
	});
	[asked, log.length] = [[], 0];
	daily = new DailyRoots({ writeDaily }, logger);
});
afterEach(async () => {
	await daily.stop();
	vi.useRealTimers();
});

test('it looks at the start and then again and again, so that no day goes by', async () => {
	daily.start();
	expect(asked).toHaveLength(1);
	await vi.advanceTimersByTimeAsync(2 * 60_000);
	expect(asked.map((now) => now.toISOString())).toEqual([
		'2026-11-25T15:58:30.000Z',
		'2026-11-25T15:59:30.000Z',
		'2026-11-25T16:00:30.000Z'
	]);
});

test('what cannot be written is logged once, tried again, and logged when it is there', async () => {
	answer = () => Promise.reject(new Error('ENOSPC: no space left on device'));
	daily.start();
	await vi.advanceTimersByTimeAsync(3 * 60_000);
	expect(log.map(({ level, msg }) => [level, msg])).toEqual([[50, 'the root of the day was not written']]);
	answer = () => Promise.resolve('2026-11-26.json');
	await vi.advanceTimersByTimeAsync(60_000);
	expect(log.at(-1)).toMatchObject({ level: 30, root: '2026-11-26.json' });
});

test('a disk that hangs is asked once at a time, and waited for at the end', async () => {
	const hanging = Promise.withResolvers<undefined>();
	answer = () => hanging.promise;
	daily.start();
	await vi.advanceTimersByTimeAsync(5 * 60_000);
	expect(asked).toHaveLength(1);
	let hasStopped = false;
	const stopping = daily.stop().then(() => (hasStopped = true));
	await Promise.resolve();
	expect(hasStopped).toBe(false);
	hanging.resolve(undefined);
	await stopping;
});
