import ArrowRight from '@lucide/svelte/icons/arrow-right';
import ArrowUpDown from '@lucide/svelte/icons/arrow-up-down';
import Columns3 from '@lucide/svelte/icons/columns-3';
import Pencil from '@lucide/svelte/icons/pencil';
import Plus from '@lucide/svelte/icons/plus';
import Trash2 from '@lucide/svelte/icons/trash-2';
import { m } from '#lib/paraglide/messages.js';
import type { Icon } from '#lib/ui/icon.ts';
import type { RowKind } from './comparison-rows.ts';

/** How each kind of difference is called and marked. */
export const KIND_SIGNS: Record<
	RowKind,
	{ word: () => string; icon: Icon; tone: 'success' | 'danger' | 'info' | 'neutral' }
> = {
	added: { word: m.compare_kind_added, icon: Plus, tone: 'success' },
	removed: { word: m.compare_kind_removed, icon: Trash2, tone: 'danger' },
	moved: { word: m.compare_kind_moved, icon: ArrowRight, tone: 'info' },
	changed: { word: m.compare_kind_changed, icon: Pencil, tone: 'neutral' },
	reordered: { word: m.compare_kind_reordered, icon: ArrowUpDown, tone: 'neutral' },
	layout: { word: m.compare_kind_layout, icon: Columns3, tone: 'neutral' }
};
