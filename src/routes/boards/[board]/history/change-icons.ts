import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import ArrowRight from '@lucide/svelte/icons/arrow-right';
import ArrowUpDown from '@lucide/svelte/icons/arrow-up-down';
import Ban from '@lucide/svelte/icons/ban';
import Bookmark from '@lucide/svelte/icons/bookmark';
import CheckCheck from '@lucide/svelte/icons/check-check';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import CircleStop from '@lucide/svelte/icons/circle-stop';
import Columns3 from '@lucide/svelte/icons/columns-3';
import FileText from '@lucide/svelte/icons/file-text';
import LibraryBig from '@lucide/svelte/icons/library-big';
import NotebookPen from '@lucide/svelte/icons/notebook-pen';
import Pencil from '@lucide/svelte/icons/pencil';
import Plus from '@lucide/svelte/icons/plus';
import Split from '@lucide/svelte/icons/split';
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { ChangeKind } from '#domain/change.ts';
import type { Icon } from '#lib/ui/icon.ts';

/** What stands before a row of the history; the words beside it say the same. */
export const CHANGE_ICONS: Readonly<Record<ChangeKind, Icon>> = {
	'project-added': Plus,
	'project-taken': LibraryBig,
	'project-removed': Trash2,
	'project-restored': ArchiveRestore,
	'project-moved': ArrowRight,
	'project-reordered': ArrowUpDown,
	'field-set': Pencil,
	'member-added': Pencil,
	'member-changed': Pencil,
	'member-removed': Pencil,
	'notes-edited': NotebookPen,
	'evidence-added': FileText,
	'stage-added': Columns3,
	'stage-removed': Columns3,
	'stage-changed': Columns3,
	'board-changed': Columns3,
	clash: Split,
	'clash-settled': CheckCheck,
	'version-named': Bookmark,
	'version-changed': Bookmark,
	'version-removed': Bookmark,
	'edit-refused': Ban,
	'session-begun': CirclePlay,
	'session-ended': CircleStop
};
