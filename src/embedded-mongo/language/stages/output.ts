import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import { failedToParse, storeError } from '../errors.ts';

/** Where a pipeline's results go. `db` is undefined for the same database. */
export type OutputStage =
	| { kind: 'out'; db: string | undefined; coll: string }
	| {
			kind: 'merge';
			db: string | undefined;
			coll: string;
			/** Fields that identify a document; `_id` unless given. */
			on: string[];
			whenMatched: 'replace' | 'keepExisting' | 'merge' | 'fail' | Value[];
			whenNotMatched: 'insert' | 'discard' | 'fail';
			/** Variables for a `whenMatched` pipeline; `$$new` is the incoming document unless given otherwise. */
			let: Doc | undefined;
	  };

function target(spec: Value | undefined, name: string): { db: string | undefined; coll: string } {
	if (typeof spec === 'string') return { db: undefined, coll: checked(spec, name) };
	if (!isDoc(spec))
		throw storeError(
			name === '$out' ? 16990 : 51178,
			`${name} needs a string or an object naming a collection, got ${typeName(spec)}`
		);
	const [db, coll] = [spec.get('db'), spec.get('coll')];
	for (const field of spec.keys()) {
		if (field === 'db' || field === 'coll') continue;
		if (field === 'timeseries') throw storeError('CommandNotSupported', 'time-series collections are not offered by this server');
		throw storeError('IDLUnknownField', `BSON field '${name}.${field}' is an unknown field.`);
	}
	if (db !== undefined && typeof db !== 'string') throw failedToParse(`${name} 'db' must be a string`);
	if (typeof coll !== 'string')
		throw failedToParse(`If an object is passed to ${name} it must have exactly 2 fields: 'db' and 'coll'`);
	return { db, coll: checked(coll, name) };
}

function checked(coll: string, name: string): string {
	if (coll === '' || coll.includes('\0') || coll.startsWith('system.'))
		throw storeError('InvalidNamespace', `Invalid ${name} target namespace: ${coll}`);
	return coll;
}

function choice<const Choice extends string>(
	spec: Doc,
	key: string,
	fallback: Choice,
	choices: readonly Choice[]
): Choice {
	const value = spec.get(key) ?? fallback;
	const found = choices.find((item) => item === value);
	if (!found)
		throw storeError(
			'BadValue',
			`Enumeration value '${String(value)}' for field '$merge.${key}' is not a valid value.`
		);
	return found;
}

/** Parses a `$out` or `$merge` stage; the store carries it out. */
export function parseOutput(name: '$out' | '$merge', spec: Value): OutputStage {
	if (name === '$out') return { kind: 'out', ...target(spec, name) };
	const full: Doc = typeof spec === 'string' ? new Map([['into', spec]]) : isDoc(spec) ? spec : new Map();
	if (typeof spec !== 'string' && !isDoc(spec))
		throw storeError(51182, `$merge requires a string or object argument, but found ${typeName(spec)}`);
	for (const key of full.keys()) {
		if (!['into', 'on', 'let', 'whenMatched', 'whenNotMatched'].includes(key))
			throw storeError('IDLUnknownField', `BSON field '$merge.${key}' is an unknown field.`);
	}
	const on = full.get('on') ?? '_id';
	const fields = Array.isArray(on) ? on : [on];
	if (fields.length === 0)
		throw storeError(51187, "If explicitly specifying $merge 'on', must include at least one field");
	const names = fields.map((field) => {
		if (typeof field !== 'string')
			throw storeError(51134, `$merge 'on' array elements must be strings, but found ${typeName(field)}`);
		return field;
	});
	const matched = full.get('whenMatched');
	const variables = full.get('let');
	if (variables !== undefined && !isDoc(variables)) throw storeError('TypeMismatch', "$merge 'let' must be an object");
	const own = variables?.get('new');
	if (own !== undefined && own !== '$$ROOT')
		throw storeError(51273, "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'");
	if (variables !== undefined && !Array.isArray(matched))
		throw storeError(51199, "Cannot use 'let' variables with 'whenMatched' mode other than a pipeline");
	return {
		kind: 'merge',
		...target(full.get('into'), name),
		on: names,
		whenMatched: Array.isArray(matched)
			? matched
			: choice(full, 'whenMatched', 'merge', ['replace', 'keepExisting', 'merge', 'fail']),
		whenNotMatched: choice(full, 'whenNotMatched', 'insert', ['insert', 'discard', 'fail']),
		let: variables
	};
}
