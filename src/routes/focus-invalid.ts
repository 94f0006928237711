import { tick } from 'svelte';

/** Puts the focus on the first field of a form that was refused, once it says so; does nothing if none was. */
export async function focusInvalid(form: HTMLFormElement): Promise<void> {
	await tick();
	form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
