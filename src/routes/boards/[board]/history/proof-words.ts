import { m } from '#lib/paraglide/messages.js';
import { dateText, momentText } from '#lib/signs/format.ts';

/** A signed root as far as it speaks of the board. */
interface RootSeen {
	name: string;
	day: string;
	seq: number;
}

/** Consecutive entries that cannot be read, and when those came that stand before and behind them. */
interface LostStretch {
	fromSeq: number;
	toSeq: number;
	afterAt: string | null;
	beforeAt: string;
}

/** What the server's check of the record found. */
export interface Proof {
	ok: boolean;
	entries: number;
	firstBadSeq: number | null;
	cause: 'changed' | 'contradicted' | 'cut' | 'lost' | null;
	/** The entry `cause` speaks of; what is lost may stand before it. */
	causeSeq: number | null;
	lost: LostStretch[];
	/** When the last sound entry came. */
	at: string | null;
	root: RootSeen | null;
	missedRoot: RootSeen | null;
	badRoots: { name: string }[];
}

/** The finding in one sentence. */
export function findingText(proof: Proof): string {
	const { ok, entries, cause, causeSeq, lost, missedRoot, badRoots } = proof;
	const seq = causeSeq ?? 0;
	const day = missedRoot && dateText(missedRoot.day);
	switch (cause) {
		case null:
			if (ok) return m.history_verified({ count: entries });
			return m.history_bad_roots({ names: badRoots.map(({ name }) => name).join(', ') });
		case 'lost':
			return m.history_lost({
				count: lost.reduce((sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1, 0)
			});
		case 'changed':
			return m.history_not_sound({ seq });
		case 'cut':
			return day ? m.history_cut_by_root({ seq, day }) : m.history_cut({ seq });
		case 'contradicted':
			return m.history_contradicted({ seq, day: day ?? '' });
		default:
			return cause satisfies never;
	}
}

/** What was looked at, how far it is sound, and which signed root vouches for how much of it. */
export function extentTexts(proof: Proof): string[] {
	const { at, cause, entries, firstBadSeq, lost, root, badRoots } = proof;
	const soundSeq = cause === null ? entries : (firstBadSeq ?? 1) - 1;
	const texts: string[] = [...lost.map(lostText), m.history_verify_checked()];
	if (at !== null && soundSeq > 0) texts.push(m.history_sound_up_to({ seq: soundSeq, at: momentText(at) }));
	if (cause === 'lost') texts.push(m.history_sound_behind_lost());
	texts.push(root ? coverText(root, soundSeq) : m.history_no_root_yet());
	if (cause !== null && badRoots.length > 0)
		texts.push(m.history_bad_roots({ names: badRoots.map(({ name }) => name).join(', ') }));
	return texts;
}

function lostText({ fromSeq, toSeq, afterAt, beforeAt }: LostStretch): string {
	const entries =
		fromSeq === toSeq
			? m.history_lost_entry({ seq: fromSeq })
			: m.history_lost_entries({ from: fromSeq, to: toSeq });
	const words = { entries, before: momentText(beforeAt) };
	return afterAt === null
		? m.history_lost_before(words)
		: m.history_lost_between({ ...words, after: momentText(afterAt) });
}

function coverText({ day, seq }: RootSeen, soundSeq: number): string {
	const words = { day: dateText(day), seq };
	return seq < soundSeq
		? m.history_root_covers_part({ ...words, count: soundSeq - seq })
		: m.history_root_covers_all(words);
}
