import { describe, object, oneOf, type Schema, text } from './operation.server.ts';

const jsonAnswer = (description: string, schema: Schema): Schema => ({
	description,
	content: { 'application/json': { schema } }
});
const signInError = object({ code: text(), message: text() });
const status = (word: string) => jsonAnswer(word, object({ status: oneOf([word]) }));

/** Signing in, and the program itself. */
export const PROGRAM_PATHS: Readonly<Record<string, Schema>> = {
	'/api/auth/sign-in/email': {
		post: {
			operationId: 'signIn',
			tags: ['sign-in'],
			summary: 'Begins a session, kept in a cookie',
			description: 'A route of better-auth, with its own form of errors.',
			security: [],
			requestBody: {
				required: true,
				content: { 'application/json': { schema: object({ email: text(), password: text() }) } }
			},
			responses: {
				200: jsonAnswer('Signed in; the cookie is set', { type: 'object' }),
				400: jsonAnswer('The body does not fit', signInError),
				401: jsonAnswer('Address or password is wrong', signInError),
				403: jsonAnswer('The request comes from a foreign origin', signInError),
				429: jsonAnswer('Too many attempts', { type: 'object' })
			}
		}
	},
	'/api/openapi.json': {
		get: describe({
			id: 'readDescription',
			tag: 'program',
			summary: 'This description',
			isOpen: true,
			answer: { type: 'object' }
		})
	},
	'/healthz': {
		get: {
			operationId: 'isAlive',
			tags: ['program'],
			summary: 'The process lives',
			security: [],
			responses: { 200: status('ok') }
		}
	},
	'/readyz': {
		get: {
			operationId: 'isReady',
			tags: ['program'],
			summary: 'The database answers',
			security: [],
			responses: { 200: status('ok'), 503: status('database does not answer') }
		}
	},
	'/metrics': {
		get: {
			operationId: 'readMetrics',
			tags: ['program'],
			summary: 'Figures for Prometheus',
			description: 'From the loopback address, or with a bearer token.',
			security: [{}, { bearer: [] }],
			responses: {
				200: { description: 'Figures', content: { 'text/plain': { schema: { type: 'string' } } } },
				404: jsonAnswer('Neither', { $ref: '#/components/schemas/Error' })
			}
		}
	}
};
