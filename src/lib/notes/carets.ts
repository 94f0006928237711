import { AllSelection, type EditorState, Selection } from '@tiptap/pm/state';
import type { Awareness } from 'y-protocols/awareness';

/** Somebody whose caret is shown. */
export interface CaretOwner {
	clientId: number;
	user: { name: string; color: number };
}

type Place = Record<string, unknown>;
type Point = { client: number; clock: number };

const recordOf = (value: unknown): Place | undefined =>
	typeof value === 'object' && value !== null ? (value as Place) : undefined;

function isPoint(value: unknown): value is Point {
	const point = recordOf(value);
	return Number.isSafeInteger(point?.client) && Number.isSafeInteger(point?.clock);
}

/** A place in a text as others send it, reduced to what may be looked up; what is no place is none. */
function placeOf(value: unknown): Place | undefined {
	const place = recordOf(value);
	if (!place) return undefined;
	const { type, item, assoc } = place;
	const known = { ...(isPoint(type) && { type }), ...(isPoint(item) && { item }) };
	if (Object.keys(known).length === 0) return undefined;
	return { ...known, assoc: typeof assoc === 'number' ? assoc : 0 };
}

function cursorOf(state: Place): { anchor: Place; head: Place } | undefined {
	const cursor = recordOf(state.cursor);
	const anchor = placeOf(cursor?.anchor);
	const head = placeOf(cursor?.head);
	return anchor && head && { anchor, head };
}

/** The editor's binding knows people by a name and a colour in six digits; ours is an index that `caretOf` reads. */
const shownAs = ({ name, color }: CaretOwner['user']) => ({ name, presence: color, color: '#000000' });

/**
 * The awareness as the editor's binding may read it: only carets that are whole, each under the name the server vouches
 * for. What others send is not to be trusted with the editor.
 */
export function caretAwareness(awareness: Awareness, owners: () => readonly CaretOwner[]): Awareness {
	const readable = {
		getStates: () =>
			new Map(
				owners().flatMap(({ clientId, user }) => {
					const cursor = cursorOf(awareness.getStates().get(clientId) ?? {});
					return cursor ? [[clientId, { user: shownAs(user), cursor }] as const] : [];
				})
			),
		getLocalState: () => awareness.getLocalState(),
		setLocalStateField: (field: string, value: unknown) => awareness.setLocalStateField(field, value),
		on: (event: 'change', listener: () => void) => awareness.on(event, listener),
		off: (event: 'change', listener: () => void) => awareness.off(event, listener)
	};
	return readable as unknown as Awareness; // of which the binding uses only this
}

/** The ends of what is selected, as others are told of them: of the whole text, its first and last letter. */
export function endsOf({ selection, doc }: EditorState): { anchor: number; head: number } {
	if (!(selection instanceof AllSelection)) return selection;
	return { anchor: Selection.atStart(doc).from, head: Selection.atEnd(doc).to };
}

/** A caret with its owner's name, in their colour. */
export function caretOf({ name, presence }: { name: string; presence: number }): HTMLElement {
	const caret = document.createElement('span');
	caret.className = 'rich-text-caret';
	caret.dataset.presence = String(presence);
	const flag = document.createElement('span');
	flag.className = 'rich-text-caret-name';
	flag.textContent = name;
	// word joiners keep the caret on the line of the letters beside it
	caret.append('\u2060', flag, '\u2060');
	return caret;
}

/** How the text is marked that somebody has selected. */
export function selectionOf({ presence }: { presence: number }): Record<string, string> {
	return { class: 'rich-text-selection', 'data-presence': String(presence) };
}
