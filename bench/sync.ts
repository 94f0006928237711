import type { StartContender } from './contender.ts';
import { chosen, EVERYBODY, type RunOptions } from './contenders.ts';
import { FanOut, type FanOutFigures } from './fan-out.ts';
import { inTurn, type Report, table } from './report.ts';

const ROOMS = 10;
const PEOPLE = 20;
/** Deliveries a second, up to where no server has followed. */
const OFFERED = [24_000, 50_000, 90_000, 130_000, 180_000, 240_000, 320_000];
const STRETCH_MS = 3_000;
/** Before the first stretch, so that no server is measured while its code is still being compiled. */
const WARM_UP_MS = 6_000;
/** A rate is followed when so much of it arrives, and kept up when it also comes no later than this. */
const FOLLOWED_SHARE = 0.95;
const LATE_MS = 100;

const isFollowed = ({ offeredPerSecond, deliveredPerSecond }: FanOutFigures) =>
	deliveredPerSecond >= offeredPerSecond * FOLLOWED_SHARE;
const isKeptUp = (figures: FanOutFigures) => isFollowed(figures) && figures.p99Ms < LATE_MS;

async function measure(start: StartContender) {
	const contender = await start();
	const fanOut = new FanOut(contender);
	const stretches: FanOutFigures[] = [];
	try {
		await fanOut.open(ROOMS, PEOPLE);
		await fanOut.measure(OFFERED[0]!, PEOPLE, WARM_UP_MS);
		for (const offered of OFFERED) {
			const figures = await fanOut.measure(offered, PEOPLE, STRETCH_MS);
			stretches.push(figures);
			if (!isFollowed(figures)) break;
		}
	} finally {
		fanOut.close();
		await contender.stop();
	}
	const best = stretches.filter(isKeptUp).at(-1);
	return { name: contender.name, stretches, best, low: stretches[0]!, last: stretches.at(-1)! };
}

/** Fan-out: 10 rooms of 20 people, more and more edits, until a server no longer delivers them. */
export async function run(options: RunOptions): Promise<Report> {
	const results = await inTurn(chosen(EVERYBODY, options), options.rounds, measure);
	const floorCpu = results.find(({ name }) => name.startsWith('floor'))?.last.cpuUsPerDelivery ?? Number.NaN;
	const rows = results.map(({ name, best, low, last }) => [
		name,
		Math.round(best?.deliveredPerSecond ?? 0).toLocaleString('en'),
		last.cpuUsPerDelivery.toFixed(2),
		(last.cpuUsPerDelivery / floorCpu).toFixed(2),
		low.cpuUsPerDelivery.toFixed(2),
		low.p50Ms.toFixed(1),
		low.p99Ms.toFixed(1)
	]);
	const head = [
		'server',
		'deliveries/s, p99 < 100 ms',
		'CPU µs each, saturated',
		'× floor',
		'CPU µs each at 24,000/s',
		'p50 ms',
		'p99 ms'
	];
	return { name: 'sync', text: table([head, ...rows]), figures: results };
}
