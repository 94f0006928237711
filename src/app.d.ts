import type { Role } from '#domain/roles.ts';
import type { Who } from '#server/audit/who.ts';
import type { Actor } from '#server/auth/actor.ts';
import type { Profile } from '#server/people/people.service.ts';

declare global {
	namespace App {
		interface Locals {
			/** Who sent the request; null = nobody signed in. */
			actor: Actor | null;
			/** The same for the audit, with the address the request came from. */
			who: Who;
			/** What others may see of them, and their role in the program. */
			user: (Profile & { role: Role }) | null;
			/** Language of the answer. */
			locale: 'zh-CN' | 'en';
			theme: 'light' | 'dark' | null;
		}
	}
}

export {};
