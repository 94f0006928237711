import type { Component } from 'svelte';

/** An icon drawn in the colour of the text around it; `size` in pixels. */
export type Icon = Component<{ size?: number; strokeWidth?: number; 'aria-hidden'?: 'true' }>;
