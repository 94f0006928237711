import type * as Y from 'yjs';

/**
 * Takes the last own step back, or does it again.
 * @returns whether anything was done; there may be nothing to undo, or nothing left that it could be put beside
 */
export function undoStep(manager: Y.UndoManager, which: 'undo' | 'redo'): boolean {
	try {
		return manager[which]() !== null;
	} catch {
		// yjs 13.6 stumbles where what stood beside a deleted value is gone for good, and would then skip the next step
		manager.currStackItem = null;
		return false;
	}
}
