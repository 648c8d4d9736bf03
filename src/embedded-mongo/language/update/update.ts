import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { equalValues, identicalValues } from '../compare.ts';
import { badValue, failedToParse, storeError } from '../errors.ts';
import type { FilterOptions, MatchDetails } from '../filter.ts';
import { show } from '../show.ts';
import { checkIdentifiers, compileArrayFilters } from './array-filters.ts';
import { ARRAY_OPERATORS } from './arrays.ts';
import { FIELD_OPERATORS, renameTarget } from './fields.ts';
import { dollarName } from './operation.ts';
import type { ApplyContext, Operation } from './operation.ts';
import { compileUpdatePipeline } from './pipeline.ts';
import { applyNode, compareNames, newBranch, orderOperations, plantOperation } from './tree.ts';
import type { UpdateBranch } from './tree.ts';

export { documentFromFilter } from './from-filter.ts';

export type UpdateOptions = FilterOptions & { arrayFilters?: Doc[] };

export type Update = {
	kind: 'replacement' | 'operators' | 'pipeline';
	/**
	 * Gives the updated document, the given one if nothing changes; the given one is never touched.
	 * `_id` may not change unless `upserting`. Throws `StoreError` with MongoDB's codes.
	 */
	apply(doc: Doc, details?: MatchDetails | null, how?: { upserting: boolean }): { doc: Doc; changed: boolean };
	/** Where it only sets whole fields of the document, and not its `_id`: these, in the order new ones appear. */
	sets?: Doc;
};

/** Compiles an update: a replacement document, update operators, or an aggregation pipeline. */
export function compileUpdate(update: Doc | Value[], options: UpdateOptions = {}): Update {
	const hasFilters = options.arrayFilters !== undefined && options.arrayFilters.length > 0;
	if (Array.isArray(update)) {
		if (hasFilters) throw failedToParse('arrayFilters may not be specified for pipeline-syle updates');
		const run = compileUpdatePipeline(update, options);
		return guarded('pipeline', (doc) => run(doc));
	}
	const plain = hasFilters ? undefined : plainSets(update);
	if (plain) return compileSets(plain);
	if (update.keys().next().value?.startsWith('$')) return compileOperators(update, options);
	if (hasFilters) throw failedToParse('arrayFilters may not be specified for replacement-style updates');
	return compileReplacement(update);
}

function guarded(kind: Update['kind'], run: (doc: Doc, context: ApplyContext) => Doc): Update {
	return {
		kind,
		apply(doc, details, how) {
			const upserting = how?.upserting ?? false;
			const made = run(doc, { root: doc, arrayIndex: details?.arrayIndex, upserting });
			if (made === doc) return { doc, changed: false };
			const id = doc.get('_id');
			if (!upserting || id !== undefined) checkId(kind, id, made.get('_id'), upserting);
			// Operators give the same document back where nothing changes, the other kinds always a new one.
			return kind !== 'operators' && identicalValues(doc, made)
				? { doc, changed: false }
				: { doc: made, changed: true };
		}
	};
}

function checkId(kind: Update['kind'], before: Maybe, after: Maybe, upserting: boolean): void {
	if (before === undefined || (after !== undefined && equalValues(before, after))) return;
	if (upserting && kind === 'operators' && after === undefined) return;
	throw storeError(
		'ImmutableField',
		kind === 'operators'
			? `Performing an update on the path '_id' would modify the immutable field '_id'`
			: `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(after)}`
	);
}

function compileReplacement(replacement: Doc): Update {
	for (const name of replacement.keys()) {
		if (name.startsWith('$')) throw dollarName(name);
	}
	return guarded('replacement', (doc) => {
		const id = replacement.get('_id') ?? doc.get('_id');
		return id === undefined ? new Map(replacement) : new Map([['_id', id], ...replacement]);
	});
}

/** The fields of an update that sets some at the top of the document and does nothing else: the commonest kind. */
function plainSets(update: Doc): Doc | undefined {
	const fields = update.size === 1 ? update.get('$set') : undefined;
	if (!isDoc(fields)) return undefined;
	for (const name of fields.keys()) {
		if (name === '' || name === '_id' || name.startsWith('$') || name.includes('.')) return undefined;
	}
	return fields;
}

function compileSets(fields: Doc): Update {
	const sets = new Map([...fields].sort(([a], [b]) => compareNames(a, b)));
	const update = guarded('operators', (doc) => {
		let made = doc;
		for (const [name, value] of sets) {
			if (identicalValues(doc.get(name), value)) continue;
			if (made === doc) made = new Map(doc);
			made.set(name, value);
		}
		return made;
	});
	return { ...update, sets };
}

const OPERATORS = { ...FIELD_OPERATORS, ...ARRAY_OPERATORS };

function compileOperators(update: Doc, options: UpdateOptions): Update {
	const filters = compileArrayFilters(options.arrayFilters ?? [], options);
	const tree = newBranch();
	const paths: string[] = [];
	const plant = (path: string, operation: Operation) => {
		checkPath(path);
		paths.push(path);
		plantOperation(tree, path, operation);
	};
	for (const [name, fields] of update) {
		const parser = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
		if (!parser && name !== '$rename') {
			throw failedToParse(
				`Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`
			);
		}
		if (!isDoc(fields)) {
			throw failedToParse(
				`Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${show(fields)}}`
			);
		}
		for (const [path, operand] of fields) {
			if (parser) plant(path, parser(operand, path, options));
			else plantRename(path, renameTarget(path, operand), plant);
		}
	}
	checkIdentifiers(paths, filters, update);
	const ordered = orderOperations(tree);
	return guarded('operators', (doc, context) => run(ordered, doc, context, filters));
}

function run(tree: UpdateBranch, doc: Doc, context: ApplyContext, filters: Parameters<typeof applyNode>[4]): Doc {
	return tree.children.size === 0 ? doc : (applyNode(tree, doc, '', context, filters) as Doc);
}

function checkPath(path: string): void {
	if (path === '') throw storeError('EmptyFieldName', 'An empty update path is not valid.');
	const parts = path.split('.');
	if (parts.includes('')) {
		throw storeError('EmptyFieldName', `The update path '${path}' contains an empty field name, which is not allowed.`);
	}
	if (parts[0] === '$')
		throw badValue(`Cannot have positional (i.e. '$') element in the first position in path '${path}'`);
	if (parts[0]?.startsWith('$[')) {
		throw badValue(
			`Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path}'`
		);
	}
	if (parts.filter((part) => part === '$').length > 1) {
		throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
	}
}

/** A rename is two operations: the target takes the source's value, the source goes. */
function plantRename(from: string, to: string, plant: (path: string, operation: Operation) => void): void {
	plant(to, {
		apply(existing, context) {
			const value = sourceOf(context.root, from);
			if (value === undefined) return existing;
			refuseElement(from, 'source', context);
			refuseElement(to, 'destination', context);
			return value;
		}
	});
	plant(from, { apply: () => undefined, lenient: true });
}

const POSITION = /^(0|[1-9]\d*)$/;

/** What a path leads to, positions in arrays included. */
function valueAt(root: Doc, path: string): Maybe {
	let current: Maybe = root;
	for (const part of path.split('.')) {
		if (Array.isArray(current)) current = POSITION.test(part) ? current[Number(part)] : undefined;
		else current = isDoc(current) ? current.get(part) : undefined;
	}
	return current;
}

/** The value to rename; a path that leads through anything but documents and positions in arrays is refused. */
function sourceOf(root: Doc, path: string): Maybe {
	const parts = path.split('.');
	for (let length = 1; length < parts.length; length++) {
		const value = valueAt(root, parts.slice(0, length).join('.'));
		if (value === undefined) return undefined;
		if (isDoc(value) || (Array.isArray(value) && POSITION.test(parts[length] as string))) continue;
		const part = parts[length - 1];
		throw storeError(
			'PathNotViable',
			`cannot use the part (${part} of ${path}) to traverse the element ({${part}: ${show(value)}})`
		);
	}
	return valueAt(root, path);
}

function refuseElement(path: string, role: string, context: ApplyContext): void {
	const parts = path.split('.');
	for (let length = 1; length < parts.length; length++) {
		if (!Array.isArray(valueAt(context.root, parts.slice(0, length).join('.')))) continue;
		throw badValue(
			`The ${role} field cannot be an array element, '${path}' in doc with _id: ${show(context.root.get('_id'))} has an array field called '${parts[length - 1]}'`
		);
	}
}
