import { AUDIT_ACTIONS } from '#server/audit/audit.service.ts';
import { describe, integer, listOf, object, orNull, schema, type Schema, text } from './operation.server.ts';

const query = (name: string, description: string, inner: Schema = text()): Schema => ({
	name,
	in: 'query',
	description,
	schema: inner
});

/** Signing in and out, and the record of who did what. */
export const ACCOUNT_PATHS: Readonly<Record<string, Schema>> = {
	'/api/auth/sign-in/email': {
		post: describe({
			id: 'signIn',
			tag: 'sign-in',
			summary: 'Begins a session, kept in a cookie',
			description:
				'Many wrong passwords for an account or from an address slow the next ones down (`retry-after`).',
			isOpen: true,
			body: object({ email: text(), password: text() }),
			answer: object({ user: { type: 'object' } }),
			errors: ['bad-request', 'signed-out', 'forbidden', 'too-large', 'too-fast']
		})
	},
	'/api/auth/sign-out': {
		post: describe({
			id: 'signOut',
			tag: 'sign-in',
			summary: 'Ends the session of the cookie',
			isOpen: true,
			answer: object({ success: { type: 'boolean' } }),
			errors: ['forbidden']
		})
	},
	'/api/auth/get-session': {
		get: describe({
			id: 'readSession',
			tag: 'sign-in',
			summary: 'The session of the cookie and whose it is, or null',
			isOpen: true,
			answer: orNull(object({ session: { type: 'object' }, user: { type: 'object' } }))
		})
	},
	'/api/auth/change-password': {
		post: describe({
			id: 'changePassword',
			tag: 'sign-in',
			summary: 'Changes the password; all sessions end, and a new one begins',
			body: object({ currentPassword: text(), newPassword: text() }),
			answer: object({ user: { type: 'object' } }),
			errors: ['bad-request', 'forbidden', 'too-fast']
		})
	},
	'/api/audit': {
		get: describe({
			id: 'readAudit',
			tag: 'audit',
			summary: 'Who did what, newest first',
			description: 'For owners and auditors of the program.',
			parameters: [
				query('action', `only this: ${AUDIT_ACTIONS.join(', ')}`),
				query('actor', 'only acts of this person'),
				query('before', '"next" of the page before'),
				query('limit', 'records on a page', { ...integer(), minimum: 1, maximum: 1_000, default: 100 })
			],
			answer: object({ records: listOf(schema('AuditRecord')), next: orNull(text()) }),
			errors: ['bad-request', 'forbidden']
		})
	}
};
