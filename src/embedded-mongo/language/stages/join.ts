import { isDoc, Long, typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { canonicalKey } from '../compare.ts';
import { failedToParse, storeError } from '../errors.ts';
import { checkVariableName } from '../expression/compile.ts';
import { withVariables } from '../expression/env.ts';
import type { Cell } from '../expression/env.ts';
import { fieldParts, followPath } from '../expression/fields.ts';
import { compileFilter } from '../filter.ts';
import { approximateSize, memoryMeter } from '../memory.ts';
import { toSafeInteger } from '../numbers.ts';
import { compilePath } from '../paths.ts';
import { sliceClock, TICK } from '../slices.ts';
import type { Tick } from '../slices.ts';
import { gather, INITIAL_STAGES } from './stage.ts';
import type { Flow, Stage, StageCompiler, StageEnv, StageTable } from './stage.ts';
import { filterOptions, withPath } from './transform.ts';

function options(spec: Value, name: string, known: string[]): Doc {
	if (!isDoc(spec))
		throw failedToParse(`the ${name} stage specification must be an object, but found ${typeName(spec)}`);
	for (const key of spec.keys()) if (!known.includes(key)) throw failedToParse(`unknown argument to ${name}: ${key}`);
	return spec;
}

function text(spec: Doc, key: string, name: string): string {
	const value = spec.get(key);
	if (value === undefined) throw failedToParse(`must specify '${key}' field for a ${name}`);
	if (typeof value !== 'string')
		throw failedToParse(`${name} argument '${key}' must be a string, found type ${typeName(value)}`);
	return value;
}

/** The values by which `$lookup` compares: elements of an array too, null for a missing field. */
function joinKeys(doc: Doc, path: string): Value[] {
	const keys: Value[] = [];
	compilePath(path, (value) => (keys.push(value ?? null), false), 'elements')(doc, null);
	return keys;
}

type Finder = (value: Value) => Generator<Tick, Doc[], void>;

/**
 * Finds the documents of a collection whose field equals a value: by an index of the store, else by a table made
 * here, else (if that would take more memory than is allowed) by reading the collection anew each time.
 */
function finder(from: string, field: string, env: StageEnv): Finder {
	const collation = env.expressions.collation;
	let table: Map<string | number, Doc[]> | 'too large' | undefined;
	return function* (value) {
		const filter: Doc = new Map([[field, new Map([['$eq', value]])]]);
		const indexed = table instanceof Map ? undefined : env.store.readCollectionWhere?.(from, filter);
		if (indexed) return yield* gather(indexed);
		table ??= (yield* joinTable(from, field, env)) ?? 'too large';
		if (table !== 'too large') return table.get(canonicalKey(value, collation)) ?? [];
		const { matches } = compileFilter(filter, { collation });
		const found: Doc[] = [];
		for (const doc of env.store.readCollection(from)) {
			if (doc === TICK) yield TICK;
			else if (matches(doc)) found.push(doc);
		}
		return found;
	};
}

/** The documents of a collection by the keys of one field, or `undefined` if they are too many to keep. */
function* joinTable(
	from: string,
	field: string,
	env: StageEnv
): Generator<Tick, Map<string | number, Doc[]> | undefined, void> {
	const table = new Map<string | number, Doc[]>();
	const limit = env.store.memoryLimitBytes ?? Infinity;
	let used = 0;
	for (const doc of env.store.readCollection(from)) {
		if (doc === TICK) {
			yield TICK;
			continue;
		}
		used += approximateSize(doc);
		if (used > limit) return undefined;
		for (const key of new Set(joinKeys(doc, field).map((item) => canonicalKey(item, env.expressions.collation)))) {
			const known = table.get(key);
			if (known) known.push(doc);
			else table.set(key, [doc]);
		}
	}
	return table;
}

/** The values of a local field: an array stands for its elements, a missing field for null. */
function localValues(doc: Doc, parts: string[]): Value[] {
	const value = followPath(doc, parts);
	if (Array.isArray(value)) return value;
	return [value ?? null];
}

function* union(values: Value[], find: Finder): Generator<Tick, Doc[], void> {
	if (values.length === 1) return yield* find(values[0] as Value);
	const found = new Set<Doc>();
	for (const value of values) for (const doc of yield* find(value)) found.add(doc);
	return [...found];
}

const lookup: StageCompiler = (input, env, name) => {
	const spec = options(input, name, ['from', 'localField', 'foreignField', 'let', 'pipeline', 'as']);
	const as = fieldParts(text(spec, 'as', name));
	const pipeline = spec.get('pipeline');
	const bindings = spec.get('let');
	const from = pipeline !== undefined && !spec.has('from') ? undefined : text(spec, 'from', name);
	const equality = spec.has('localField') || spec.has('foreignField');
	if (!equality && pipeline === undefined)
		throw failedToParse("$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified");
	if (bindings !== undefined && pipeline === undefined)
		throw failedToParse("$lookup with a 'let' argument must also specify 'pipeline'");
	if (bindings !== undefined && !isDoc(bindings))
		throw failedToParse(`$lookup argument 'let' must be an object, is type ${typeName(bindings)}`);
	if (from === undefined && equality) throw failedToParse("must specify 'from' field for a $lookup");
	const local = equality ? fieldParts(text(spec, 'localField', name)) : undefined;
	const foreign = equality ? text(spec, 'foreignField', name) : '';
	const cells = Array.from(bindings ?? new Map<string, Value>(), ([variable, value]) => {
		checkVariableName(variable);
		return { variable, evaluate: env.expressions.compile(value, env.expressions), cell: { value: undefined } as Cell };
	});
	const inner: StageEnv = {
		...env,
		expressions: withVariables(
			env.expressions,
			cells.map(({ variable, cell }) => [variable, cell] as const)
		)
	};
	const run = pipeline === undefined ? undefined : env.compile(pipeline, inner);
	const read = () => (from === undefined ? [] : narrowed(from, pipeline, env));
	return function* (docs) {
		const find = local && from !== undefined ? finder(from, foreign, env) : undefined;
		// Without variables and without a join field every document gets the same result.
		let constant: Doc[] | undefined;
		for (const doc of docs) {
			if (doc === TICK) {
				yield TICK;
				continue;
			}
			for (const { cell, evaluate } of cells) cell.value = evaluate(doc);
			let found: Doc[];
			if (find && local) {
				const candidates = yield* union(localValues(doc, local), find);
				found = run ? yield* gather(run(candidates)) : candidates;
			} else if (run && cells.length === 0 && env.expressions.variables.size === 0) {
				found = constant ??= yield* gather(run(read()));
			} else found = run ? yield* gather(run(read())) : [];
			yield withPath(doc, as, found);
		}
	};
};

/** Reads for a nested pipeline, through an index if its first stage is a plain `$match`. */
function narrowed(from: string, pipeline: Maybe, env: StageEnv): Flow {
	const first = Array.isArray(pipeline) ? pipeline[0] : undefined;
	const filter = isDoc(first) ? first.get('$match') : undefined;
	const indexed = isDoc(filter) && !filter.has('$expr') ? env.store.readCollectionWhere?.(from, filter) : undefined;
	return indexed ?? env.store.readCollection(from);
}

const unionWith: StageCompiler = (input, env, name) => {
	const spec =
		typeof input === 'string' ? new Map<string, Value>([['coll', input]]) : options(input, name, ['coll', 'pipeline']);
	const pipeline = spec.get('pipeline');
	const coll = spec.has('coll') || pipeline === undefined ? text(spec, 'coll', name) : undefined;
	const run = pipeline === undefined ? undefined : env.compile(pipeline, env);
	return function* (docs) {
		yield* docs;
		const other = coll === undefined ? [] : narrowed(coll, pipeline, env);
		yield* run ? run(other) : other;
	};
};

const facet: StageCompiler = (input, env) => {
	if (!isDoc(input))
		throw storeError(40169, `the $facet specification must be a non-empty object, but found type: ${typeName(input)}`);
	if (input.size === 0) throw storeError(40169, 'the $facet specification must be a non-empty object');
	const runs = Array.from(input, ([field, pipeline]): [string, Stage] => {
		if (field.includes('.') || field.startsWith('$'))
			throw failedToParse(`$facet output field '${field}' is not a valid name`);
		if (!Array.isArray(pipeline))
			throw storeError(40170, `arguments to $facet must be arrays, ${field} is type ${typeName(pipeline)}`);
		for (const stage of pipeline) {
			const name = isDoc(stage) ? stage.keys().next().value : undefined;
			if (name && (INITIAL_STAGES.has(name) || ['$facet', '$out', '$merge'].includes(name)))
				throw storeError(40600, `${name} is not allowed to be used within a $facet stage`);
		}
		return [field, env.compile(pipeline, env)];
	});
	return function* (docs) {
		const meter = memoryMeter(env.store.memoryLimitBytes, '$facet');
		const all: Doc[] = [];
		for (const doc of docs) {
			if (doc === TICK) {
				yield TICK;
				continue;
			}
			meter(doc);
			all.push(doc);
		}
		const made: Doc = new Map();
		for (const [field, run] of runs) made.set(field, yield* gather(run(paced(all))));
		yield made;
	};
};

/** Documents held in memory, with the ticks their source no longer gives. */
function* paced(all: Doc[]): Generator<Doc | Tick, void, void> {
	const over = sliceClock();
	for (const doc of all) {
		if (over()) yield TICK;
		yield doc;
	}
}

const graphLookup: StageCompiler = (input, env, name) => {
	const spec = options(input, name, [
		'from',
		'startWith',
		'connectFromField',
		'connectToField',
		'as',
		'maxDepth',
		'depthField',
		'restrictSearchWithMatch'
	]);
	const from = text(spec, 'from', name);
	const as = fieldParts(text(spec, 'as', name));
	const connectFrom = fieldParts(text(spec, 'connectFromField', name));
	const connectTo = text(spec, 'connectToField', name);
	const startSpec = spec.get('startWith');
	if (startSpec === undefined) throw storeError(40105, "$graphLookup requires 'startWith'");
	const start = env.expressions.compile(startSpec, env.expressions);
	const depthField = spec.has('depthField') ? fieldParts(text(spec, 'depthField', name)) : undefined;
	const deepest = spec.has('maxDepth') ? toSafeInteger(spec.get('maxDepth')) : Infinity;
	if (deepest === null || deepest < 0) throw storeError(40101, 'maxDepth requires a nonnegative argument');
	const restriction = spec.get('restrictSearchWithMatch');
	if (restriction !== undefined && !isDoc(restriction))
		throw storeError(40185, 'restrictSearchWithMatch must be an object');
	const filter = restriction ? compileFilter(restriction, filterOptions(env.expressions)) : undefined;
	return function* (docs) {
		const find = finder(from, connectTo, env);
		for (const doc of docs) {
			if (doc === TICK) {
				yield TICK;
				continue;
			}
			const visited = new Map<string | number, Doc>();
			const asked = new Set<string | number>();
			const first = start(doc);
			let frontier: Value[] = Array.isArray(first) ? first : first === undefined ? [null] : [first];
			for (let depth = 0; depth <= deepest && frontier.length > 0; depth++) {
				const next: Value[] = [];
				for (const value of frontier) {
					const key = canonicalKey(value, env.expressions.collation);
					if (asked.has(key)) continue;
					asked.add(key);
					for (const found of yield* find(value)) {
						const id = canonicalKey(found.get('_id'));
						if (visited.has(id) || (filter && !filter.matches(found))) continue;
						visited.set(id, depthField ? withPath(found, depthField, Long.fromNumber(depth)) : found);
						next.push(...localValues(found, connectFrom));
					}
				}
				frontier = next;
			}
			yield withPath(doc, as, [...visited.values()]);
		}
	};
};

export const JOINS: StageTable = {
	$lookup: lookup,
	$unionWith: unionWith,
	$facet: facet,
	$graphLookup: graphLookup
};
