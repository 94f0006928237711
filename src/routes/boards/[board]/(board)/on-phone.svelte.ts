import { MediaQuery } from 'svelte/reactivity';

/** Whether an open project covers the whole board, for want of room. The same width stands in ProjectSheet's style. */
export const onPhone = new MediaQuery('max-width: 40rem', false);
