import { type BoardDifference, differenceKey } from '#domain/board-differences.ts';
import type { CopiesOf } from './old-copies.ts';

/**
 * Why something is listed: the board was put back to before it (`lost`), somebody changed the same meanwhile (`changed`),
 * or its project has gone (`gone`).
 */
export type RecoveryReason = 'lost' | 'changed' | 'gone';
/** What is to be decided on of a copy, by the key of the difference. */
export type OpenList = ReadonlyMap<string, RecoveryReason>;

/** What is to be decided on of each old copy: kept over visits and shared between tabs. */
export class RecoveryNotes {
	readonly #prefix: string;
	/** Where this browser keeps nothing they last as long as the page. */
	readonly #unkept = new Map<number, OpenList>();

	constructor({ userId, boardId }: CopiesOf) {
		this.#prefix = `tongchou/${userId}/${boardId}/recovery/`;
	}

	/** Name of the entry for an epoch. */
	keyOf(epoch: number): string {
		return this.#prefix + epoch;
	}

	/** What is open of a copy; undefined = nobody has looked at it yet, empty = all is decided on. */
	read(epoch: number): OpenList | undefined {
		try {
			const kept = localStorage.getItem(this.keyOf(epoch));
			if (kept !== null) return new Map(Object.entries(JSON.parse(kept) as Record<string, RecoveryReason>));
		} catch {
			// not to be read: then it is looked at again
		}
		return this.#unkept.get(epoch);
	}

	write(epoch: number, open: OpenList): void {
		try {
			localStorage.setItem(this.keyOf(epoch), JSON.stringify(Object.fromEntries(open)));
			this.#unkept.delete(epoch);
		} catch {
			this.#unkept.set(epoch, open);
		}
	}

	/** Adds what was found to what is open of a copy. */
	add(epoch: number, found: OpenList): OpenList {
		const open = new Map([...(this.read(epoch) ?? []), ...found]);
		this.write(epoch, open);
		return open;
	}

	/** Takes out what has been decided on; what is left. */
	settle(epoch: number, decided: readonly BoardDifference[]): OpenList {
		const open = this.read(epoch) ?? new Map<string, RecoveryReason>();
		const settled = new Set(decided.flatMap((difference) => keysSettledBy(open, difference)));
		const rest = new Map([...open].filter(([key]) => !settled.has(key)));
		this.write(epoch, rest);
		return rest;
	}

	/**
	 * Takes out one thing that is given up; what is left. Where a whole project is open, of which the board has a part by
	 * now, the rest of what is listed of it is open by itself from here on.
	 */
	giveUp(epoch: number, given: BoardDifference, listed: readonly BoardDifference[]): OpenList {
		const open = this.settle(epoch, [given]);
		if (given.kind !== 'field' || !open.has(`project/${given.projectId}`)) return open;
		const { projectId } = given;
		const whole = `project/${projectId}`;
		const isOther = (one: BoardDifference) =>
			one.kind === 'field' && one.projectId === projectId && differenceKey(one) !== differenceKey(given);
		const others = listed.filter(isOther);
		const rest = new Map([...open].filter(([key]) => key !== whole));
		for (const other of others) rest.set(differenceKey(other), reasonFor(open, other));
		this.write(epoch, rest);
		return rest;
	}

	/** A copy of this epoch is to be looked at anew. */
	forget(epoch: number): void {
		localStorage.removeItem(this.keyOf(epoch));
		this.#unkept.delete(epoch);
	}

	/** All of a copy is decided on. */
	close(epoch: number): void {
		this.write(epoch, new Map());
	}
}

/** The listed keys that a difference settles: its own, and where a project has gone those of its fields. */
function keysSettledBy(open: OpenList, difference: BoardDifference): string[] {
	const own = differenceKey(difference);
	const within = difference.kind === 'project' ? `field/${difference.projectId}/` : own;
	return [...open.keys()].filter((key) => key === own || key.startsWith(within));
}

/** Whether a difference is still listed. Of a whole project that is on the board by now, each field that differs is. */
export function isOpen(open: OpenList, difference: BoardDifference): boolean {
	const isOfOpenProject = difference.kind === 'field' && open.has(`project/${difference.projectId}`);
	return isOfOpenProject || keysSettledBy(open, difference).length > 0;
}

/** Why a difference is listed. */
export function reasonFor(open: OpenList, difference: BoardDifference): RecoveryReason {
	return open.get(differenceKey(difference)) ?? (difference.kind === 'project' ? 'gone' : 'changed');
}
