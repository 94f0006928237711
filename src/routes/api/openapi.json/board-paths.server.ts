import { CHANGE_KINDS } from '#domain/change.ts';
import { CLASH_CHOICES } from '#domain/clash.ts';
import { ROLES } from '#domain/roles.ts';
import { TEMPLATES } from '#domain/stages.ts';
import {
	describe,
	integer,
	listOf,
	object,
	oneOf,
	orNull,
	schema,
	type Schema,
	text
} from './operation.server.ts';

const boardId: Schema = { name: 'board', in: 'path', required: true, schema: text('id of a board') };
const versionId: Schema = {
	name: 'version',
	in: 'path',
	required: true,
	schema: text('id of a named moment')
};
const query = (name: string, description: string, inner: Schema = text()): Schema => ({
	name,
	in: 'query',
	description,
	schema: inner
});

const moment = 'a date YYYY, YYYY-MM or YYYY-MM-DD in China, or an ISO 8601 time with its zone';
const pastMoment = 'number of a journal entry, or an ISO 8601 time with its zone';
const CHANGE_FILTERS: readonly Schema[] = [
	query('project', 'only changes of this project, or of these with commas between'),
	query('actor', 'only changes by this person, or these'),
	query('org', 'only changes by people of this organisation, or these'),
	query('field', 'only changes of this key of the document format'),
	query('kind', `only these kinds, with commas between: ${CHANGE_KINDS.join(', ')}`),
	query('since', `not before: ${moment}`),
	query('until', `before: ${moment}`),
	query('order', 'the clock of order and bounds: when it was entered, or the date its source gives', {
		...oneOf(['entered', 'dated']),
		default: 'entered'
	})
];
const CHANGE_PARAMETERS: readonly Schema[] = [
	boardId,
	...CHANGE_FILTERS,
	query('after', '"next" of the page before'),
	query('limit', 'changes on a page', { ...integer(), minimum: 1, maximum: 500, default: 50 })
];

/** Boards, their members, and what happened on them. */
export const BOARD_PATHS: Readonly<Record<string, Schema>> = {
	'/api/boards': {
		get: describe({
			id: 'listBoards',
			tag: 'boards',
			summary: 'The boards the caller may see',
			answer: object({ boards: listOf(schema('BoardRecord')) })
		}),
		post: describe({
			id: 'createBoard',
			tag: 'boards',
			summary: 'Makes a board with the stages of its template',
			description: 'For owners of the program.',
			body: object({ id: text(), title: text(), template: { ...oneOf(TEMPLATES), default: 'stages' } }, [
				'template'
			]),
			status: 201,
			answer: schema('BoardRecord'),
			errors: ['bad-request', 'forbidden', 'conflict']
		})
	},
	'/api/boards/{board}': {
		get: describe({
			id: 'readBoard',
			tag: 'boards',
			summary: 'A board as it is, or as it was',
			description: 'With `at`, projects that were removed since are there, as they were.',
			parameters: [boardId, query('at', `${pastMoment}; absent = now`)],
			answer: schema('Board'),
			errors: ['bad-request', 'not-found']
		})
	},
	'/api/boards/{board}/changes': {
		get: describe({
			id: 'listChanges',
			tag: 'history',
			summary: 'What changed on a board, newest first',
			parameters: CHANGE_PARAMETERS,
			answer: object({
				changes: listOf(schema('Change')),
				next: orNull(text('"after" of the next page; null = this is the last'))
			}),
			errors: ['bad-request', 'not-found']
		})
	},
	'/api/boards/{board}/timeline': {
		get: describe({
			id: 'readTimeline',
			tag: 'history',
			summary: 'When a board was changed how much, from its first entry to now',
			description:
				'Counted by the shortest unit of the calendar in China of which few enough lie in between.',
			parameters: [boardId],
			answer: schema('Timeline'),
			errors: ['not-found']
		})
	},
	'/api/boards/{board}/changes.{format}': {
		get: describe({
			id: 'exportChanges',
			tag: 'history',
			summary: 'All that changed on a board as a file, newest first, in the caller’s language',
			description:
				'CSV, an Excel workbook (as many sheets as the rows need, 1,048,576 on each) or JSON lines (a `Change` on each, with `told` as the history page tells it). Cells that a spreadsheet program could compute begin with an apostrophe.',
			parameters: [
				boardId,
				{ name: 'format', in: 'path', required: true, schema: oneOf(['csv', 'xlsx', 'jsonl']) },
				...CHANGE_FILTERS
			],
			answer: text(),
			type: 'application/octet-stream',
			errors: ['bad-request', 'not-found']
		})
	},
	'/api/boards/{board}/clashes': {
		get: describe({
			id: 'listClashes',
			tag: 'history',
			summary: 'What two people changed at once and nobody has decided about yet, newest first',
			description:
				'A clash is open until its place is changed again, or somebody says that what stands is to stay. All clashes, also the decided ones, are changes of kind `clash`.',
			parameters: [boardId],
			answer: object({
				seq: integer('number of the last journal entry that was looked at'),
				clashes: listOf(schema('Clash')),
				people: listOf(object({ id: text(), name: text(), org: text(), orgEn: text() }))
			}),
			errors: ['not-found']
		})
	},
	'/api/boards/{board}/clashes/{seq}/settle': {
		post: describe({
			id: 'settleClash',
			tag: 'history',
			summary: 'Says that what stands after a clash is to stay',
			description:
				'For who may edit there. It changes nothing on the board; the other value is chosen by setting it, as any other.',
			parameters: [
				boardId,
				{
					name: 'seq',
					in: 'path',
					required: true,
					schema: integer('number of the journal entry that brought the clash')
				}
			],
			body: object(
				{
					choice: oneOf(CLASH_CHOICES),
					index: integer('which of the changes of the entry; absent = all its open clashes')
				},
				['index']
			),
			status: 201,
			answer: object({
				settled: listOf(
					object({
						seq: integer(),
						index: integer(),
						userId: text(),
						settledAt: { type: 'string', format: 'date-time', description: 'UTC' },
						choice: oneOf(CLASH_CHOICES)
					})
				)
			}),
			errors: ['bad-request', 'forbidden', 'not-found', 'conflict']
		})
	},
	'/api/boards/{board}/compare': {
		get: describe({
			id: 'compare',
			tag: 'history',
			summary: 'What differs between a board at two moments',
			description:
				'A project that moved and changed stands in both lists. Sets and lists of records are told entry by entry. A project of several cities counts in each of them with its whole investment.',
			parameters: [
				boardId,
				{ ...query('from', pastMoment), required: true },
				query('to', `${pastMoment}, not before "from"; absent = now`)
			],
			answer: schema('MomentsCompared'),
			errors: ['bad-request', 'not-found']
		})
	},
	'/api/boards/{board}/restore': {
		get: describe({
			id: 'previewRestore',
			tag: 'history',
			summary: 'What restoring would change, without doing it',
			parameters: [
				boardId,
				{ ...query('at', pastMoment), required: true },
				query('projectId', 'project to restore'),
				query('field', 'key of the document format'),
				query('member', 'entry of a set or list of records'),
				query('stageId', 'stage to restore')
			],
			answer: object({
				seq: integer('number of the entry after which it was so'),
				comparison: schema('Comparison'),
				lostStage: orNull(
					object({
						stage: object({ id: text(), name: text(), nameEn: text(), order: text() }),
						instead: text('id of the stage it comes into')
					})
				)
			}),
			errors: ['bad-request', 'not-found', 'conflict']
		}),
		post: describe({
			id: 'restore',
			tag: 'history',
			summary: 'Makes something what it was: a new edit, by the caller',
			description:
				'Without `projectId` and `stageId` the whole board; with `field` the title of the board or one field of the project; with `member` one entry of a set or list. A project that was removed comes back under its id with all it held.',
			parameters: [boardId],
			body: object(
				{
					at: { type: ['string', 'integer'], description: pastMoment },
					projectId: text('project to restore'),
					field: text('key of the document format'),
					member: text('entry of a set or list of records'),
					stageId: text('stage to restore')
				},
				['projectId', 'field', 'member', 'stageId']
			),
			status: 201,
			answer: object({
				seq: integer('number of the journal entry that did it, the last one of several'),
				before: integer('number of the entry before it: restoring to that takes it back')
			}),
			errors: [
				'bad-request',
				'forbidden',
				'not-found',
				'conflict',
				'old-epoch',
				'schema',
				'too-large',
				'too-fast',
				'storage-failed'
			]
		})
	},
	'/api/boards/{board}/versions': {
		get: describe({
			id: 'listVersions',
			tag: 'history',
			summary: 'The named moments of a board, the newest moment first',
			parameters: [boardId],
			answer: object({ versions: listOf(schema('NamedVersion')) }),
			errors: ['not-found']
		}),
		post: describe({
			id: 'nameVersion',
			tag: 'history',
			summary: 'Gives a moment of a board a name, which no other of its moments bears',
			parameters: [boardId],
			body: object(
				{
					name: text(),
					note: text(),
					at: { type: ['string', 'integer'], description: `${pastMoment}; absent = now` }
				},
				['note', 'at']
			),
			status: 201,
			answer: schema('NamedVersion'),
			errors: ['bad-request', 'forbidden', 'not-found', 'conflict']
		})
	},
	'/api/boards/{board}/versions/{version}': {
		patch: describe({
			id: 'changeVersion',
			tag: 'history',
			summary: 'Changes the name or note of a named moment',
			description: 'For who named it, coordinators and owners.',
			parameters: [boardId, versionId],
			body: object({ name: text(), note: text() }, ['name', 'note']),
			answer: schema('NamedVersion'),
			errors: ['bad-request', 'forbidden', 'not-found', 'conflict']
		}),
		delete: describe({
			id: 'removeVersion',
			tag: 'history',
			summary: 'Takes the name off a moment',
			description: 'For who named it, coordinators and owners. The moment itself stays in the journal.',
			parameters: [boardId, versionId],
			status: 204,
			errors: ['forbidden', 'not-found']
		})
	},
	'/api/boards/{board}/epochs/{epoch}': {
		get: describe({
			id: 'readEpoch',
			tag: 'boards',
			summary: 'What became of a copy of a board that is of another epoch',
			parameters: [boardId, { name: 'epoch', in: 'path', required: true, schema: integer() }],
			answer: object({
				epoch: integer('the epoch the board is at'),
				seq: integer('number of its last journal entry'),
				isWhole: {
					type: 'boolean',
					description: 'whether all that was ever committed in the epoch asked for is in the board’s past'
				}
			}),
			errors: ['bad-request', 'not-found']
		})
	},
	'/api/boards/{board}/members': {
		get: describe({
			id: 'listMembers',
			tag: 'members',
			summary: 'The members of a board, in the order they joined',
			parameters: [boardId],
			answer: object({ members: listOf(schema('Member')) }),
			errors: ['not-found']
		}),
		post: describe({
			id: 'addMember',
			tag: 'members',
			summary: 'Gives a person a role on a board, instead of the one they had',
			parameters: [boardId],
			body: object({ email: text(), role: oneOf(ROLES) }),
			status: 201,
			answer: schema('Member'),
			errors: ['bad-request', 'forbidden', 'not-found']
		})
	},
	'/api/boards/{board}/members/{user}': {
		delete: describe({
			id: 'removeMember',
			tag: 'members',
			summary: 'Takes a person off a board',
			parameters: [boardId, { name: 'user', in: 'path', required: true, schema: text('id of a person') }],
			status: 204,
			errors: ['forbidden', 'not-found']
		})
	}
};
