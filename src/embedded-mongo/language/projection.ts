import { isDoc } from '../bson/values.ts';
import type { Doc, Maybe, Value } from '../bson/values.ts';
import { badValue, inContext, storeError } from './errors.ts';
import { compileExpression, expressionEnv, isExpressionName } from './expression/compile.ts';
import type { Eval, ExpressionEnv } from './expression/env.ts';
import { compileElementTest, isOperatorDoc } from './filter.ts';
import type { FilterOptions, MatchDetails } from './filter.ts';
import { isNumeric, isZeroNumber, toSafeInteger } from './numbers.ts';
import type { Test } from './paths.ts';
import { addFields, excludeFields, includeFields, plant } from './projection-tree.ts';
import type { Branch } from './projection-tree.ts';
import { show } from './show.ts';

export type Projection = {
	kind: 'inclusion' | 'exclusion';
	/** True if `apply` needs the details of the match (the positional operator). */
	positional: boolean;
	/** The paths an inclusion without computed parts keeps (`_id` among them if kept); else `undefined`. */
	included: string[] | undefined;
	/** Gives a new document that shares nothing mutable with stored ones. */
	apply(doc: Doc, details?: MatchDetails | null): Doc;
};

/** A change of one path of the result: `$slice` or the positional operator. */
type Transform = {
	parts: string[];
	/** Whether the first array on the path is meant rather than the one at its end. */
	first: boolean;
	change(items: Value[], details: MatchDetails | null | undefined): Value[];
};

const POSITIONAL_AND_ELEM_MATCH = 'Cannot specify positional operator and $elemMatch.';
const POSITIONAL_IN_STAGE = 'Cannot use positional projection in aggregation projection';
const POSITIONAL_IN_THE_MIDDLE =
	"As of 4.4, it's illegal to specify positional operator in the middle of a path.Positional projection may only be used at the end, for example: a.b.$. If the query previously used a form like a.b.$.d, remove the parts following the '$' and the results will be equivalent.";
const DOLLAR_NAME = "FieldPath field names may not start with '$'. Consider using $getField or $setField.";

type Draft = {
	mode: 'find' | 'aggregate';
	env: ExpressionEnv;
	options: FilterOptions;
	tree: Branch;
	kind: 'inclusion' | 'exclusion' | undefined;
	id: boolean | undefined;
	computed: boolean;
	transforms: Transform[];
	positional: boolean;
	elemMatch: boolean;
	paths: string[];
};

/** Compiles a find projection. */
export function compileProjection(spec: Doc, options: FilterOptions = {}): Projection {
	return build(spec, 'find', expressionEnv(options), options);
}

/** Compiles the specification of a `$project` stage. */
export function compileStageProjection(spec: Doc, env: ExpressionEnv): Projection {
	try {
		if (spec.size === 0) throw storeError(51272, 'projection specification must have at least one field');
		return build(spec, 'aggregate', env, { collation: env.collation, now: env.now });
	} catch (error) {
		throw inContext('Invalid $project', error);
	}
}

function build(spec: Doc, mode: Draft['mode'], env: ExpressionEnv, options: FilterOptions): Projection {
	const draft: Draft = {
		mode,
		env,
		options,
		tree: new Map(),
		kind: undefined,
		id: undefined,
		computed: false,
		transforms: [],
		positional: false,
		elemMatch: false,
		paths: []
	};
	for (const [path, value] of spec) addEntry(draft, path, value);
	const { tree, transforms } = draft;
	const kind = draft.kind ?? (draft.id === true || draft.elemMatch ? 'inclusion' : 'exclusion');
	if ((kind === 'inclusion') === (draft.id ?? kind === 'inclusion') && !tree.has('_id')) {
		if (kind === 'inclusion' || draft.id === false) tree.set('_id', { kind: 'flag' });
	}
	if (kind === 'inclusion') {
		for (const { parts, first } of transforms) if (!first) plant(tree, parts.join('.'), { kind: 'flag' });
	}
	const shape = kind === 'inclusion' ? includeFields : excludeFields;
	const covered = kind === 'inclusion' && !draft.computed && transforms.length === 0;
	return {
		kind,
		positional: draft.positional,
		included: covered ? [...(tree.get('_id')?.kind === 'flag' ? ['_id'] : []), ...draft.paths] : undefined,
		apply(doc, details) {
			let made = spec.size === 0 ? new Map(doc) : shape(doc, tree);
			for (const { parts, first, change } of transforms) {
				made = transformDoc(made, parts, 0, first, (items) => change(items, details));
			}
			return draft.computed ? addFields(made, tree, doc) : made;
		}
	};
}

function setKind(draft: Draft, kind: 'inclusion' | 'exclusion', path: string): void {
	if (draft.kind !== undefined && draft.kind !== kind) {
		throw kind === 'exclusion'
			? storeError(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
			: storeError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
	}
	draft.kind = kind;
}

/** `name` is the path as it was written, the last part of it within a sub-document. */
function addEntry(draft: Draft, path: string, value: Value, name = path): void {
	if (path.includes('.$.')) {
		if (draft.mode === 'aggregate') throw storeError(31324, POSITIONAL_IN_STAGE);
		throw storeError(31394, POSITIONAL_IN_THE_MIDDLE);
	}
	if (path.endsWith('.$') && isDoc(value)) {
		throw storeError(31271, 'positional projection cannot be used with an expression or sub object');
	}
	if (isNumeric(value) || typeof value === 'boolean') {
		addFlag(draft, path, typeof value === 'boolean' ? value : !isZeroNumber(value), name);
	} else if (isDoc(value) && !value.keys().next().value?.startsWith('$')) {
		if (value.size === 0) {
			throw storeError(51270, `An empty sub-projection is not a valid value. Found empty object at path ${path}`);
		}
		for (const [field, nested] of value) {
			if (draft.mode === 'aggregate' && field.includes('.')) {
				throw storeError(40183, `cannot use dotted field name '${field}' in a sub object`);
			}
			addEntry(draft, `${path}.${field}`, nested, field);
		}
	} else if (draft.mode === 'find' && isOperatorDoc(value) && addFindOperator(draft, path, value)) return;
	else if (isOperatorDoc(value) && value.size > 1) throw storeError(16410, DOLLAR_NAME);
	else if (isOperatorDoc(value) && !isExpressionName(value.keys().next().value)) {
		throw storeError(31325, `Unknown expression ${String(value.keys().next().value)}`);
	} else {
		if (draft.kind === 'exclusion' && !isOperatorDoc(value)) {
			throw storeError(31310, `Cannot use an expression ${name}: ${show(value)} in an exclusion projection`);
		}
		addComputed(draft, path, compileExpression(value, draft.env));
	}
}

function addFlag(draft: Draft, path: string, include: boolean, name: string): void {
	if (path === '_id') {
		draft.id = include;
		return;
	}
	if (path.endsWith('.$') || path === '$') {
		if (draft.mode === 'aggregate')
			throw storeError(31324, POSITIONAL_IN_STAGE);
		if (!include) throw storeError(31395, 'positional projection cannot be used with exclusion');
		return addPositional(draft, path.slice(0, -2));
	}
	setKind(draft, include ? 'inclusion' : 'exclusion', name);
	plant(draft.tree, path, { kind: 'flag' });
	draft.paths.push(path);
}

function addComputed(draft: Draft, path: string, evaluate: Eval): void {
	if (draft.kind === 'exclusion') {
		throw storeError(31252, 'Cannot use expression other than $meta in exclusion projection');
	}
	draft.kind = 'inclusion';
	draft.computed = true;
	plant(draft.tree, path, { kind: 'computed', evaluate });
}

function addPositional(draft: Draft, path: string): void {
	if (draft.elemMatch) throw storeError(31256, POSITIONAL_AND_ELEM_MATCH);
	if (draft.positional) throw storeError(31276, 'Cannot specify more than one positional projection per query.');
	setKind(draft, 'inclusion', path);
	plant(draft.tree, path, { kind: 'flag' });
	draft.positional = true;
	draft.transforms.push({
		parts: path.split('.'),
		first: true,
		change(items, details) {
			const index = details?.arrayIndex;
			if (index === undefined) {
				throw storeError(
					51246,
					"positional operator '.$' couldn't find a matching element in the array"
				);
			}
			const item = items[index];
			if (item === undefined) {
				throw storeError(
					51247,
					"positional operator '.$' element mismatch"
				);
			}
			return [item];
		}
	});
}

/** Handles `$slice`, `$elemMatch` and `$meta`; anything else is an ordinary expression. */
function addFindOperator(draft: Draft, path: string, spec: Doc): boolean {
	const [name, operand] = spec.entries().next().value as [string, Value];
	if (spec.size !== 1) return false;
	if (name === '$elemMatch') {
		if (!isDoc(operand))
			throw storeError(31274, `elemMatch: Invalid argument, object required, but got ${typeof operand}`);
		if (path.includes('.')) {
			throw storeError(31275, 'Cannot use $elemMatch projection on a nested field (currently unsupported).');
		}
		if (draft.positional) throw storeError(31255, POSITIONAL_AND_ELEM_MATCH);
		const test = compileElementTest(operand, draft.options);
		// By itself it includes, beside excluded fields it only changes its own.
		draft.elemMatch = true;
		draft.computed = true;
		plant(draft.tree, path, { kind: 'computed', evaluate: (root) => firstMatch(root.get(path), test) });
		return true;
	}
	if (name === '$meta') {
		const known = ['textScore', 'randVal', 'searchScore', 'indexKey', 'recordId', 'sortKey', 'geoNearDistance'];
		if (typeof operand !== 'string' || !known.includes(operand))
			throw storeError(17308, `Unsupported argument to $meta: ${String(operand)}`);
		if (operand !== 'textScore') {
			throw storeError('CommandNotSupported', `$meta: '${operand}' is not offered by this server`);
		}
		// There is no text index, so no score: the field stays away.
		return true;
	}
	if (name !== '$slice') return false;
	if (Array.isArray(operand) && (operand.length < 2 || operand.length > 3)) {
		throw storeError(
			28667,
			`Invalid $slice syntax. The given syntax did not match the find() syntax because :: Location31272: $slice array argument should be of form [skip, limit]`
		);
	}
	if (Array.isArray(operand) && !operand.every(isNumeric)) return false;
	const slice = parseSlice(operand);
	draft.transforms.push({ parts: path.split('.'), first: false, change: slice });
	return true;
}

function firstMatch(value: Maybe, test: Test): Maybe {
	if (!Array.isArray(value)) return undefined;
	const found = value.find(test);
	return found === undefined ? undefined : [found];
}

function parseSlice(operand: Value): (items: Value[]) => Value[] {
	const [first, second] = Array.isArray(operand) ? operand.map(toSafeInteger) : [toSafeInteger(operand)];
	if (first === null || first === undefined || second === null) throw badValue('$slice needs numbers');
	if (!Array.isArray(operand)) return (items) => (first >= 0 ? items.slice(0, first) : items.slice(first));
	const limit = second ?? 0;
	if (limit <= 0) throw storeError(28724, `First argument to $slice must be an array; limit must be positive`);
	return (items) => {
		const start = first >= 0 ? first : Math.max(0, items.length + first);
		return items.slice(start, start + limit);
	};
}

type Change = (items: Value[]) => Value[];

/** Changes the arrays a path leads to, leaving everything else as it is. */
function transformDoc(doc: Doc, parts: string[], at: number, first: boolean, change: Change): Doc {
	const name = parts[at] as string;
	const value = doc.get(name);
	if (value === undefined) return doc;
	const changed = transformValue(value, parts, at + 1, first, change);
	return changed === value ? doc : new Map(doc).set(name, changed);
}

function transformValue(value: Value, parts: string[], at: number, first: boolean, change: Change): Value {
	if (Array.isArray(value) && (first || at === parts.length)) return change(value);
	if (at === parts.length) return value;
	if (value instanceof Map) return transformDoc(value, parts, at, first, change);
	if (!Array.isArray(value)) return value;
	return value.map((item) => (item instanceof Map ? transformDoc(item, parts, at, first, change) : item));
}
