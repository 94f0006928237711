import type { ChangeValue, RecordedChange } from '#domain/change.ts';
import { m } from '#lib/paraglide/messages.js';

/** Where a row leads on to beside its project: the moment that was named, or what a session changed. */
export function rowLink(
	boardId: string,
	{ kind, seq, after }: Pick<RecordedChange, 'kind' | 'seq' | 'after'>
): { href: string; label: string } | undefined {
	if (kind === 'version-named' || kind === 'version-changed') {
		const href = `/boards/${boardId}?at=${numberIn(after, 'seq')}`;
		return { href, label: m.history_version_open() };
	}
	if (kind !== 'session-ended') return undefined;
	const from = Math.max(1, numberIn(after, 'begunSeq') - 1); // the board as the session found it
	return {
		href: `/boards/${boardId}/history/compare?from=${from}&to=${seq}`,
		label: m.history_session_compare()
	};
}

function numberIn(value: ChangeValue, key: string): number {
	const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
	return isRecord ? Number(value[key] ?? 0) : 0;
}
