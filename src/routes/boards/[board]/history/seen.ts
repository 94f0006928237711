import type { Attachment } from 'svelte/attachments';

/**
 * Tells whenever an element comes into sight or leaves it.
 * @param margin how far outside of the window it counts as seen
 */
export function seen(onChange: (isSeen: boolean) => void, margin = '0px'): Attachment {
	return (element) => {
		const observer = new IntersectionObserver(
			(entries) => onChange(entries.at(-1)?.isIntersecting ?? false),
			{ rootMargin: margin }
		);
		observer.observe(element);
		return () => observer.disconnect();
	};
}
