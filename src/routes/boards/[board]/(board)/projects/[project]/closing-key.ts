/** What floats above the panel and takes Esc for itself: menus, lists of choices, dialogs. */
const OPEN_ABOVE = '[data-floating][data-state=open], [role=dialog][aria-modal=true]';
const WRITING = 'input, textarea, select, [contenteditable=true]';

/**
 * Tells whether a key closes the panel: Esc, unless something above it is open, a drag or the input method takes the
 * key, or the person writes somewhere else on the board.
 */
export function closesPanel(event: KeyboardEvent, panel: HTMLElement | undefined): boolean {
	if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return false;
	if (document.querySelector(OPEN_ABOVE)) return false;
	const { target } = event;
	return !(target instanceof Element) || !target.matches(WRITING) || panel?.contains(target) === true;
}
