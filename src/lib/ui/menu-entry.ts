import type { Icon } from './icon.ts';

/** What a menu offers: something to do, a heading, a line between, or a menu of its own. */
export type MenuEntry =
	| {
			kind: 'action';
			label: string;
			onselect: () => void;
			icon?: Icon;
			/** Shortcut or remark behind the label. */
			hint?: string;
			/** Marks the present choice among several. */
			checked?: boolean;
			danger?: boolean;
			disabled?: boolean;
	  }
	| { kind: 'link'; label: string; href: string; icon?: Icon }
	| { kind: 'heading'; label: string }
	| { kind: 'separator' }
	| { kind: 'submenu'; label: string; icon?: Icon; entries: readonly MenuEntry[]; disabled?: boolean };
