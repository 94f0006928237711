import { describe, object, oneOf, type Schema } from './operation.server.ts';

const jsonAnswer = (description: string, schema: Schema): Schema => ({
	description,
	content: { 'application/json': { schema } }
});
const status = (word: string) => jsonAnswer(word, object({ status: oneOf([word]) }));

/** The program itself. */
export const PROGRAM_PATHS: Readonly<Record<string, Schema>> = {
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
