/** As much of JSON Schema as the generated document uses. */
export type JsonSchema = {
	type?: string | string[];
	properties?: Record<string, JsonSchema>;
	items?: JsonSchema;
	additionalProperties?: JsonSchema | boolean;
	propertyNames?: JsonSchema;
	required?: string[];
	enum?: unknown[];
	const?: unknown;
	anyOf?: JsonSchema[];
	oneOf?: JsonSchema[];
	allOf?: JsonSchema[];
	$ref?: string;
	pattern?: string;
	format?: string;
	minLength?: number;
	minimum?: number;
	minItems?: number;
};

/** The schema with a reference followed and the parts of an intersection put together. */
export const resolved = (schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema => {
	if (schema.$ref) return resolved(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
	if (!schema.allOf) return schema;
	const parts = schema.allOf.map((part) => resolved(part, schemas));
	return {
		type: 'object',
		properties: Object.assign({}, ...parts.map(({ properties }) => properties ?? {})) as Record<string, JsonSchema>,
		required: parts.flatMap(({ required }) => required ?? [])
	};
};

const choices = (schema: JsonSchema): JsonSchema[] => schema.anyOf ?? schema.oneOf ?? [];

/** The shapes a body may have, one for each kind of thing a call takes. */
export const shapesOf = (given: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema[] => {
	const schema = resolved(given, schemas);
	const options = choices(schema).filter(({ type }) => type !== 'null');
	return options.length > 0 ? options.flatMap((option) => shapesOf(option, schemas)) : [schema];
};

/** The ways into a value at which a text is taken: `['budget', 0, 'item']`. */
export const textPaths = (given: JsonSchema, schemas: Record<string, JsonSchema>): (string | number)[][] => {
	const schema = resolved(given, schemas);
	const options = choices(schema);
	if (options.length > 0) {
		const all = options.flatMap((option) => textPaths(option, schemas));
		return all.filter((path, at) => all.findIndex((other) => other.join() === path.join()) === at);
	}
	if (schema.type === 'string' || schema.enum?.some((value) => typeof value === 'string')) return [[]];
	if (schema.items) return textPaths(schema.items, schemas).map((path) => [0, ...path]);
	const named = Object.entries(schema.properties ?? {}).flatMap(([key, part]) => textPaths(part, schemas).map((path) => [key, ...path]));
	const free = typeof schema.additionalProperties === 'object' ? textPaths(schema.additionalProperties, schemas).map((path) => ['some_key', ...path]) : [];
	return [...named, ...free];
};

const sampleText = (schema: JsonSchema, key: string): string => {
	if (/phone/i.test(key)) return '13900003000';
	if (schema.format === 'date') return '2026-01-05';
	if (schema.format === 'date-time') return '2026-01-05T00:00:00Z';
	if (schema.pattern?.includes('[0-9a-f]{24}')) return '0123456789abcdef01234567';
	return 'sample';
};

/** A value the schema takes, with every property there; rules between fields may still refuse it. */
export const sampleOf = (given: JsonSchema, schemas: Record<string, JsonSchema>, key = ''): unknown => {
	const schema = resolved(given, schemas);
	const options = choices(schema).filter(({ type }) => type !== 'null');
	const option = options.find(({ type }) => type === 'boolean') ?? options[0];
	if (option) return sampleOf(option, schemas, key);
	if (schema.const !== undefined) return schema.const;
	if (schema.enum) return schema.enum[0];
	if (schema.type === 'string') return sampleText(schema, key);
	if (schema.type === 'number' || schema.type === 'integer') return Math.max(1, schema.minimum ?? 1);
	if (schema.type === 'boolean') return true;
	if (schema.items) return [sampleOf(schema.items, schemas, key)];
	const named = Object.entries(schema.properties ?? {}).map(([name, part]) => [name, sampleOf(part, schemas, name)] as const);
	const free = typeof schema.additionalProperties === 'object' && Object.keys(schema.additionalProperties).length > 0 ? [['some_key', sampleOf(schema.additionalProperties, schemas)] as const] : [];
	return Object.fromEntries([...named, ...free]);
};

/** A copy of the value with what stands at the path replaced. */
export const withAt = (value: unknown, path: readonly (string | number)[], put: unknown): unknown => {
	const [first, ...rest] = path;
	if (first === undefined) return put;
	if (typeof first === 'number') return [withAt(Array.isArray(value) ? (value as unknown[])[first] : undefined, rest, put)];
	const record = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
	return { ...record, [first]: withAt(record[first], rest, put) };
};
