import { describe, integer, listOf, object, orNull, schema, type Schema, text } from './operation.server.ts';

const boardId: Schema = { name: 'board', in: 'path', required: true, schema: text('id of a board') };
const rootName: Schema = { name: 'name', in: 'path', required: true, schema: text('2026-11-25.json') };

/** Showing that the history is what was written. */
export const PROOF_PATHS: Readonly<Record<string, Schema>> = {
	'/api/boards/{board}/verify': {
		get: describe({
			id: 'verifyBoard',
			tag: 'proof',
			summary: 'Walks the chain of a board’s journal, beside what the signed roots say of it',
			description: 'Tamper-evident only against whoever cannot also rewrite the lodged roots.',
			parameters: [boardId],
			answer: schema('Verification'),
			errors: ['not-found']
		})
	},
	'/api/boards/{board}/roots': {
		get: describe({
			id: 'listBoardRoots',
			tag: 'proof',
			summary: 'What the signed roots say of one board, with the public key',
			description: 'For owners and auditors of the board. Nothing of other boards can be read from it.',
			parameters: [boardId],
			answer: object({
				key: text('public keys, PEM'),
				roots: listOf(object({ name: text(), root: schema('SignedRoot') }))
			}),
			errors: ['forbidden', 'not-found']
		})
	},
	'/api/roots': {
		get: describe({
			id: 'listRoots',
			tag: 'proof',
			summary: 'The signed roots over all boards, oldest first',
			description: 'For owners and auditors of the program.',
			answer: object({
				roots: listOf(
					object({
						name: text(),
						day: orNull(text('in China')),
						at: orNull(text('UTC')),
						size: orNull(integer('boards')),
						problem: orNull(text('why it proves nothing'))
					})
				)
			}),
			errors: ['forbidden']
		})
	},
	'/api/roots/{name}': {
		get: describe({
			id: 'readRoot',
			tag: 'proof',
			summary: 'A signed root over all boards',
			description: 'For owners and auditors of the program.',
			parameters: [rootName],
			answer: schema('SignedRoot'),
			errors: ['forbidden', 'not-found']
		})
	},
	'/api/roots/key': {
		get: describe({
			id: 'readRootKey',
			tag: 'proof',
			summary: 'The public keys that signed roots are checked with, PEM, the present one last',
			answer: text(),
			type: 'application/x-pem-file',
			errors: ['not-found']
		})
	}
};
