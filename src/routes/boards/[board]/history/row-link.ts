import { changesBoard, type ChangeKind, type ChangeValue, type RecordedChange } from '#domain/change.ts';
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

const BEGINNINGS: readonly ChangeKind[] = ['project-added', 'project-taken', 'project-restored'];

/** The project as it was before a change; undefined for what was no edit of one, and where it was not there before. */
export function beforeLink(
	boardId: string,
	{ kind, seq, projectId }: Pick<RecordedChange, 'kind' | 'seq' | 'projectId'>
): string | undefined {
	if (projectId === null || seq < 2 || !changesBoard(kind) || BEGINNINGS.includes(kind)) return undefined;
	return `/boards/${boardId}/projects/${encodeURIComponent(projectId)}?at=${seq - 1}`;
}

function numberIn(value: ChangeValue, key: string): number {
	const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
	return isRecord ? Number(value[key] ?? 0) : 0;
}
