/** A JSON Schema, as far as the API's description uses it. */
export type Schema = {
	$ref?: string;
	type?: string | string[];
	enum?: unknown[];
	oneOf?: Schema[];
	allOf?: Schema[];
	required?: string[];
	properties?: Record<string, Schema>;
	items?: Schema;
	pattern?: string;
};

function typeOf(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return Number.isInteger(value) ? 'integer' : typeof value;
}

const isType = (value: unknown, type: string) =>
	typeOf(value) === type || (type === 'number' && typeof value === 'number');

/** What in a value does not fit a schema, each with its place; nothing if it fits. */
export function misfits(
	value: unknown,
	schema: Schema,
	schemas: Readonly<Record<string, Schema>>,
	at = '$'
): string[] {
	if (schema.$ref) {
		const name = schema.$ref.split('/').at(-1) ?? '';
		return schemas[name] ? misfits(value, schemas[name], schemas, at) : [`${at}: there is no schema ${name}`];
	}
	const inside = (part: unknown, inner: Schema, place: string) => misfits(part, inner, schemas, place);
	const types = schema.type === undefined ? [] : [schema.type].flat();
	if (types.length > 0 && !types.some((type) => isType(value, type)))
		return [`${at} is ${typeOf(value)}, not ${types.join(' or ')}`];
	if (schema.enum && !schema.enum.includes(value))
		return [`${at} is ${JSON.stringify(value)}, none of the list`];
	if (schema.pattern && !new RegExp(schema.pattern).test(String(value))) return [`${at} is ${String(value)}`];
	if (schema.oneOf && !schema.oneOf.some((one) => inside(value, one, at).length === 0))
		return [`${at} is none of ${schema.oneOf.length} forms: ${JSON.stringify(value).slice(0, 80)}`];
	const found = (schema.allOf ?? []).flatMap((one) => inside(value, one, at));
	if (Array.isArray(value) && schema.items)
		found.push(...value.flatMap((item, index) => inside(item, schema.items!, `${at}[${index}]`)));
	if (typeOf(value) === 'object') found.push(...misfitsOfObject(value as object, schema, inside, at));
	return found;
}

function misfitsOfObject(
	value: object,
	{ required, properties = {} }: Schema,
	inside: (part: unknown, inner: Schema, place: string) => string[],
	at: string
): string[] {
	const missing = (required ?? []).filter((key) => !Object.hasOwn(value, key));
	const wrong = Object.entries(value).flatMap(([key, part]) => {
		if (Object.hasOwn(properties, key)) return inside(part, properties[key]!, `${at}.${key}`);
		return required ? [`${at}.${key} is not described`] : []; // what lists its keys is meant to list them all
	});
	return [...missing.map((key) => `${at}.${key} is missing`), ...wrong];
}
