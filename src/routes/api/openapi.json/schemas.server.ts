import { CHANGE_KINDS } from '#domain/change.ts';
import { CONFIDENCES, MODALITIES, SCOPES } from '#domain/evidence.ts';
import { ROLES } from '#domain/roles.ts';
import { SECTORS } from '#domain/sectors.ts';
import { STATED_STAGES, TEMPLATES } from '#domain/stages.ts';
import { TIMELINE_UNITS } from '#domain/timeline.ts';
import { AUDIT_ACTIONS } from '#server/audit/audit.service.ts';
import { ERROR_CODES } from '../respond.server.ts';
import { integer, listOf, object, oneOf, orNull, schema, type Schema, text } from './operation.server.ts';

const moment: Schema = { type: 'string', format: 'date-time', description: 'UTC' };
const partialDate = text('YYYY, YYYY-MM or YYYY-MM-DD: as exact as its source');
const adcode: Schema = { type: 'string', pattern: '^\\d{6}$', description: 'division code, GB/T 2260' };
/** Any JSON. */
const value: Schema = { description: 'a plain value, a record, or null' };

const Evidence = object({
	id: text(),
	document: text('id of a document of the register'),
	section: text(),
	date: partialDate,
	stageWord: text('the words that speak of the stage'),
	stage: oneOf(STATED_STAGES),
	modality: oneOf(MODALITIES),
	scope: oneOf(SCOPES),
	confidence: oneOf(CONFIDENCES)
});

const Project = object({
	id: text(),
	name: text(),
	nameEn: text(),
	originalName: orNull(text('as printed, where a misprint was corrected')),
	stage: text('id of a stage of the board'),
	order: text('order key among the projects of the stage'),
	sector: oneOf(SECTORS),
	subtype: orNull(text()),
	kind: text(),
	leadCity: orNull(adcode),
	cities: listOf(adcode),
	counties: listOf(adcode),
	totalInvestmentYuan: orNull(integer('whole yuan; null where no source states it')),
	investmentSource: orNull(text()),
	investmentAsOf: orNull(partialDate),
	caveat: orNull(object({ zh: text(), en: text() })),
	evidence: listOf(schema('Evidence')),
	figures: listOf(
		object({
			id: text(),
			value: { type: ['number', 'string'] },
			unit: text(),
			document: orNull(text())
		})
	),
	dependencies: listOf(object({ project: text('id of another project'), type: text(), basis: text() })),
	hasNotes: { type: 'boolean' }
});

const Board = object({
	id: text(),
	title: text(),
	template: oneOf(TEMPLATES),
	seq: integer('number of the last entry of the journal that is in it'),
	epoch: integer(),
	at: orNull(moment),
	stages: listOf(object({ id: text(), name: text(), nameEn: text(), order: text() })),
	projects: listOf(schema('Project'))
});

const BoardRecord = object(
	{
		id: text(),
		title: text(),
		template: oneOf(TEMPLATES),
		createdAt: moment,
		archivedAt: orNull(moment),
		role: oneOf(ROLES, 'of the caller; only in lists')
	},
	['role']
);

const Member = object({
	userId: text(),
	name: text(),
	email: text(),
	org: text('name of the organisation'),
	role: oneOf(ROLES)
});

const actor = object({
	id: text('"system" for what stood on the board from its start'),
	name: text(),
	org: text(),
	orgEn: text()
});

const Change = object({
	seq: integer('number of the journal entry it comes from'),
	index: integer(
		'which of the changes of that entry it is; below 0 what came after the entry and is no part of it; seq and index name a change'
	),
	at: {
		...moment,
		description: 'when the server received it; of notes, when their sitting was last written in'
	},
	documentDate: orNull(partialDate),
	actorId: text(),
	actor,
	kind: oneOf(CHANGE_KINDS),
	projectId: orNull(text()),
	projectName: orNull(text('after the change; before it, if the project was removed')),
	stageId: orNull(text('of a move the stage after it')),
	field: orNull(text('key of the document format; "place" for moves')),
	member: orNull(text('entry of a set or list of records')),
	before: {
		...value,
		description:
			'a plain value, a record, or null; of a clash what was lost: {actorId, value}; of a named version {name, note, seq}'
	},
	after: {
		...value,
		description:
			'a plain value, a record, or null; of a clash what stands: {actorId, value}; of a refused edit {code}; of a session that ended {begunSeq, begunAt, entries, people}'
	}
});

const NamedVersion = object({
	id: text(),
	name: text(),
	note: text(),
	seq: integer('last entry the board held at that moment'),
	at: { ...orNull(moment), description: 'when that entry came' },
	createdAt: { ...moment, description: 'when it was named' },
	author: actor
});

const Timeline = object({
	from: { ...moment, description: 'when the first entry came' },
	to: { ...moment, description: 'now' },
	seq: integer('number of the last entry'),
	unit: oneOf(TIMELINE_UNITS),
	buckets: listOf(
		object({
			start: moment,
			end: { ...moment, description: 'the start of the next one' },
			edits: integer('journal entries that came in it'),
			seq: integer('last entry the board held at its end')
		})
	)
});

const pastMoment = object({ seq: integer('last entry the board held'), at: orNull(moment) });
const namedProject = { id: text(), name: text(), nameEn: text(), cities: listOf(adcode) };
const stageId = text('id of a stage');
const cameOrWent = object({
	...namedProject,
	stage: stageId,
	totalInvestmentYuan: orNull(integer('whole yuan'))
});
const counts = object({
	projects: integer(),
	yuan: integer('sum of the known investments'),
	known: integer('projects whose investment is known')
});
const countsOf = (id: Schema) => listOf(object({ id, before: counts, after: counts }));
const stageThen = orNull(object({ id: text(), name: text(), nameEn: text(), order: text() }));

const differences = {
	title: orNull(object({ before: text(), after: text() })),
	stages: listOf(
		object({
			id: text(),
			kind: oneOf(['added', 'removed', 'renamed', 'reordered']),
			before: stageThen,
			after: stageThen
		})
	),
	added: listOf(cameOrWent),
	removed: listOf(cameOrWent),
	moved: listOf(object({ ...namedProject, before: stageId, after: stageId })),
	reordered: listOf(object({ ...namedProject, stage: stageId })),
	changed: listOf(
		object({
			...namedProject,
			stage: stageId,
			fields: listOf(
				object({
					field: text('key of the document format'),
					member: orNull(text('entry of a set or list of records')),
					before: value,
					after: value
				})
			)
		})
	),
	counts: object({
		before: counts,
		after: counts,
		byStage: countsOf(stageId),
		byCity: countsOf(orNull(adcode))
	})
};
const Comparison = object(differences);
const MomentsCompared = object({ from: pastMoment, to: pastMoment, ...differences });

/** A signed root as far as it speaks of one board. */
const rootSeen = object({
	name: text('its file'),
	day: text('in China'),
	at: moment,
	seq: integer('the last entry of the board then')
});

const Claim = object({ actorId: text(), value: { ...value, description: 'null = they cleared it' } });
const Clash = object({
	seq: integer('number of the journal entry that brought the second value'),
	index: integer('which of the changes of that entry it is'),
	at: moment,
	projectId: orNull(text()),
	projectName: orNull(text()),
	stageId: orNull(text()),
	field: orNull(text('key of the document format')),
	member: orNull(text('entry of a set or list of records')),
	kept: schema('Claim'),
	lost: schema('Claim')
});

/** The schemas other parts of the description refer to. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
	Error: object({ error: object({ code: oneOf(ERROR_CODES), message: text('for people and logs') }) }),
	Evidence,
	Project,
	Board,
	BoardRecord,
	Member,
	Change,
	NamedVersion,
	Timeline,
	Claim,
	Clash,
	Comparison,
	MomentsCompared,
	AuditRecord: object({
		id: text('orders as the records came'),
		at: moment,
		userId: orNull(text('"system" and "operator" for the program itself and its command line')),
		sessionId: orNull(text()),
		address: orNull(text()),
		action: oneOf(AUDIT_ACTIONS),
		object: orNull(text('what it was done to, as key=value words')),
		result: text('"ok", "refused" for a wrong password, or the code of the refusal')
	}),
	SignedRoot: object({
		format: oneOf(['tongchou-root/1']),
		day: text('in China'),
		at: moment,
		size: integer('how many boards there were'),
		boards: listOf(
			object(
				{
					board: text(),
					seq: integer('its last entry'),
					hash: text('of that entry, hex'),
					index: integer('its place in the tree, where not all boards are shown'),
					path: listOf(text('hashes on the way up, lowest first, hex'))
				},
				['index', 'path']
			)
		),
		root: text('of the hash tree over all boards (RFC 6962), hex'),
		key: text('SHA-256 of the public key, hex'),
		signature: text('Ed25519, base64')
	}),
	Verification: object({
		ok: { type: 'boolean' },
		entries: integer('entries looked at'),
		firstBadSeq: orNull(integer('first entry that is missing or not what was written')),
		cause: orNull(
			oneOf(
				['changed', 'contradicted', 'cut', 'lost'],
				'an entry is another; it or one before it is not what a signed root says; the end is missing; nothing is wrong but what `lost` tells'
			)
		),
		causeSeq: orNull(integer('the entry `cause` speaks of; what is lost may stand before it')),
		lost: listOf(
			object({
				fromSeq: integer('the first of consecutive entries that are missing or cannot be read'),
				toSeq: integer('the last one of these'),
				afterAt: orNull({ ...moment, description: 'when the entry before them came' }),
				beforeAt: { ...moment, description: 'when the next one that can be read came' }
			})
		),
		at: orNull({ ...moment, description: 'when the last entry came before which nothing is wrong' }),
		roots: integer('signed roots that speak of the board'),
		root: orNull(rootSeen),
		missedRoot: orNull(rootSeen),
		badRoots: listOf(
			object({
				name: text(),
				problem: oneOf(['unreadable', 'unknown-key', 'bad-signature', 'other-boards'])
			})
		)
	})
};
