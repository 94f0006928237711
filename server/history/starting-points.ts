import { dayInChina, startInChina } from '#domain/dates.ts';
import { type StartingPoint, STARTING_POINTS } from '#domain/starting-point.ts';
import type { Journal } from '#server/journal/journal.ts';
import { type EntryTime, isSameSession } from './working-session.ts';

const WEEK_DAYS = 7;
const DAY_MS = 86_400_000;
/** Entries looked back over for the beginning of a session; one of more is told from there. */
const SESSION_ENTRIES_MAX = 10_000;
const PAGE = 1_000;

/** The last entry before the newest working session; undefined if the board has had no other. */
async function findBeforeSession(journal: Journal, boardId: string): Promise<EntryTime | undefined> {
	let later: EntryTime | undefined;
	let below = Number.MAX_SAFE_INTEGER;
	for (let looked = 0; looked < SESSION_ENTRIES_MAX; looked += PAGE) {
		const page = await journal.times(boardId, { below, limit: PAGE });
		for (const entry of page) {
			if (later && !isSameSession(entry, later)) return entry;
			later = entry;
		}
		if (page.length < PAGE || !later) return undefined;
		below = later.seq;
	}
	return undefined;
}

/** Moments of a board worth comparing with; those before it was there are left out. */
export async function startingPoints(
	journal: Journal,
	boardId: string,
	{ visitAt, now }: { visitAt: string | null; now: Date }
): Promise<StartingPoint[]> {
	const [first] = await journal.times(boardId, { below: 2, limit: 1 });
	if (!first) return [];
	const session = await findBeforeSession(journal, boardId);
	const today = dayInChina(now.toISOString());
	const times: [StartingPoint['kind'], string | null][] = [
		['visit', visitAt],
		['today', startInChina(today)],
		['week', new Date(Date.parse(startInChina(today)) - (WEEK_DAYS - 1) * DAY_MS).toISOString()],
		['month', startInChina(today.slice(0, 'YYYY-MM'.length))],
		['beginning', first.at]
	];
	const points = times.flatMap(([kind, at]) =>
		at !== null && at >= first.at ? [{ kind, from: at, at }] : []
	);
	const sessions = session ? [{ kind: 'session' as const, from: String(session.seq), at: session.at }] : [];
	return [...points, ...sessions].sort(
		(a, b) => STARTING_POINTS.indexOf(a.kind) - STARTING_POINTS.indexOf(b.kind)
	);
}
