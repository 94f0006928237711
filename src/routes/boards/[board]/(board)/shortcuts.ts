export type Shortcut = 'search' | 'create' | 'help' | 'undo' | 'redo';

const isWriting = (target: EventTarget | null) =>
	target instanceof HTMLElement &&
	(target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The board's shortcut a key stands for; none while somebody writes, composes or answers a dialog. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
	if (event.isComposing || event.defaultPrevented || isWriting(event.target)) return undefined;
	if (document.querySelector('[role=dialog][aria-modal=true], [data-dialog-content]')) return undefined;
	const withCommand = event.ctrlKey || event.metaKey;
	if (withCommand && !event.altKey && event.key.toLowerCase() === 'z')
		return event.shiftKey ? 'redo' : 'undo';
	if (withCommand && !event.altKey && event.key.toLowerCase() === 'y') return 'redo';
	if (withCommand || event.altKey) return undefined;
	switch (event.key) {
		case '/':
			return 'search';
		case '?':
			return 'help';
		case 'c':
		case 'C':
			return 'create';
		default:
			return undefined;
	}
}
