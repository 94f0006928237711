import type { Component, ComponentProps } from 'svelte';
import type * as Y from 'yjs';
import type NotesEditor from '#lib/notes/NotesEditor.svelte';

export type NotesEditorComponent = Component<ComponentProps<typeof NotesEditor>>;

/** The editor of notes, which is fetched when somebody opens notes they may write in: it outweighs the whole board. */
export class NotesModule {
	editor = $state.raw<NotesEditorComponent | undefined>();
	/** The notes hold what the editor would take out. */
	isForeign = $state(false);
	hasFailed = $state(false);

	async load(notes: Y.XmlFragment): Promise<void> {
		this.hasFailed = false;
		try {
			const [{ default: editor }, { canShow }] = await Promise.all([
				import('#lib/notes/NotesEditor.svelte'),
				import('#lib/notes/editor.ts')
			]);
			this.isForeign = !canShow(notes);
			this.editor = editor;
		} catch {
			this.hasFailed = true; // no line: the text is still there to be read
		}
	}
}
