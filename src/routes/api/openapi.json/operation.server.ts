import { type ErrorCode, STATUS_OF } from '../respond.server.ts';

/** A JSON Schema as OpenAPI 3.1 takes it. */
export type Schema = Readonly<Record<string, unknown>>;

/** What there is to say of one route and method. */
export interface Operation {
	id: string;
	tag: string;
	summary: string;
	description?: string;
	/** Works without signing in. */
	isOpen?: boolean;
	parameters?: readonly Schema[];
	body?: Schema;
	/** Status of the answer; 200 unless said. */
	status?: number;
	/** What the answer holds; absent = nothing. */
	answer?: Schema;
	/** Its media type, where it is not JSON. */
	type?: string;
	errors?: readonly ErrorCode[];
}

/** A schema of `components`, by its name. */
export const schema = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
/** A list of what a schema describes. */
export const listOf = (items: Schema): Schema => ({ type: 'array', items });
/** An object with these properties; all of them are there unless `optional` names them. */
export const object = (
	properties: Readonly<Record<string, Schema>>,
	optional: readonly string[] = []
): Schema => ({
	type: 'object',
	required: Object.keys(properties).filter((name) => !optional.includes(name)),
	properties
});
/** What a schema describes, or null. */
export const orNull = (inner: Schema): Schema => ({ oneOf: [inner, { type: 'null' }] });
export const text = (description?: string): Schema => ({
	type: 'string',
	...(description && { description })
});
export const integer = (description?: string): Schema => ({
	type: 'integer',
	...(description && { description })
});
/** One of a closed list. */
export const oneOf = (list: readonly string[], description?: string): Schema => ({
	enum: [...list],
	...(description && { description })
});

/** One answer for each status that the codes lead to, naming them. */
function errorAnswers(codes: readonly ErrorCode[]): Record<string, Schema> {
	const answers: Record<string, Schema> = {};
	for (const [status, own = []] of Map.groupBy(codes, (code) => STATUS_OF[code])) {
		const error = {
			allOf: [schema('Error'), { properties: { error: { properties: { code: oneOf(own) } } } }]
		};
		answers[status] = { description: own.join(', '), content: { 'application/json': { schema: error } } };
	}
	return answers;
}

/** An operation in OpenAPI's own form. */
export function describe(operation: Operation): Schema {
	const { status = 200, answer, type = 'application/json', errors = [], isOpen = false } = operation;
	const codes: ErrorCode[] = [...(isOpen ? [] : (['signed-out'] as const)), ...errors, 'internal'];
	return {
		operationId: operation.id,
		tags: [operation.tag],
		summary: operation.summary,
		...(operation.description && { description: operation.description }),
		...(isOpen && { security: [] }),
		...(operation.parameters && { parameters: operation.parameters }),
		...(operation.body && {
			requestBody: { required: true, content: { 'application/json': { schema: operation.body } } }
		}),
		responses: {
			[status]: {
				description: operation.summary,
				...(answer && { content: { [type]: { schema: answer } } })
			},
			...errorAnswers([...new Set(codes)])
		}
	};
}
