import { isDoc } from '../bson/values.ts';
import type { Doc, Maybe, Value } from '../bson/values.ts';
import type { Collation } from './collation.ts';
import { compareValues } from './compare.ts';
import { badValue, storeError } from './errors.ts';
import { isNumeric, toDouble } from './numbers.ts';
import { keysAt } from './paths.ts';

export type SortField = { path: string; direction: 1 | -1 };

export type Sort = {
	fields: SortField[];
	compare(a: Doc, b: Doc): number;
	/** The values a document is sorted by, one per field; compare them with `compareKeys`. */
	sortKey(doc: Doc): Value[];
	compareKeys(a: Value[], b: Value[]): number;
};

/** Parses a sort specification; refuses directions other than 1 and -1. */
export function parseSort(spec: Doc): SortField[] {
	return Array.from(spec, ([path, value]) => {
		if (isDoc(value)) {
			throw storeError(value.has('$meta') ? 'BadValue' : 15974, `unsupported sort key for field '${path}'`);
		}
		if (!isNumeric(value)) {
			throw storeError(15974, `Illegal key in $sort specification: ${path}: expected 1, -1 or {$meta: ...}`);
		}
		const direction = toDouble(value);
		if (direction !== 1 && direction !== -1) {
			throw storeError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
		}
		if (path === '' || path.split('.').includes('')) {
			throw storeError(15998, 'FieldPath field names may not be empty strings.');
		}
		if (path.startsWith('$')) throw storeError(16410, `FieldPath field names may not start with '$'. Given '${path}'.`);
		return { path, direction };
	});
}

/** Compiles a sort specification. Arrays sort by their smallest element ascending, their largest descending. */
export function compileSort(spec: Doc, collation?: Collation): Sort {
	const fields = parseSort(spec);
	const compareKeys = (a: Value[], b: Value[]): number => {
		for (let index = 0; index < fields.length; index++) {
			const order = compareValues(a[index], b[index], collation);
			if (order !== 0) return order * (fields[index] as SortField).direction;
		}
		return 0;
	};
	const separate = (doc: Doc) => fields.map((field) => extreme(keysAt(doc, field.path), field.direction, collation));
	const sortKey = (doc: Doc) =>
		(fields.length > 1 ? compoundKey(doc, fields, compareKeys) : undefined) ?? separate(doc);
	return { fields, compareKeys, sortKey, compare: (a, b) => compareKeys(sortKey(a), sortKey(b)) };
}

/** The parts of a path up to the first array on it, or `undefined` if there is none. */
function arrayPrefix(doc: Doc, path: string): string | undefined {
	let current: Maybe = doc;
	const parts = path.split('.');
	for (let at = 0; at < parts.length; at++) {
		if (!(current instanceof Map)) return undefined;
		current = current.get(parts[at] as string);
		if (Array.isArray(current)) return parts.slice(0, at + 1).join('.');
	}
	return undefined;
}

/**
 * Several fields below one array sort by its best element as a whole, not by the best of each field.
 * Gives `undefined` where no two fields share an array; two different arrays cannot be sorted by.
 */
function compoundKey(doc: Doc, fields: SortField[], compare: (a: Value[], b: Value[]) => number): Value[] | undefined {
	let shared: string | undefined;
	let sharing = 0;
	for (const { path } of fields) {
		const prefix = arrayPrefix(doc, path);
		if (prefix === undefined) continue;
		if (shared !== undefined && shared !== prefix) throw badValue('cannot sort with keys that are parallel arrays');
		shared = prefix;
		sharing++;
	}
	if (shared === undefined || sharing < 2) return undefined;
	const prefix = `${shared}.`;
	const items = fields.every(({ path }) => !path.startsWith(prefix) || !/^\d/.test(path.slice(prefix.length)))
		? keysAt(doc, shared)
		: [];
	let best: Value[] | undefined;
	for (const item of items) {
		const inner: Doc = item instanceof Map ? item : new Map();
		const key = fields.map(({ path, direction }) => {
			if (path === shared) return item;
			if (path.startsWith(prefix)) return extreme(keysAt(inner, path.slice(prefix.length)), direction);
			return extreme(keysAt(doc, path), direction);
		});
		if (best === undefined || compare(key, best) < 0) best = key;
	}
	return best;
}

function extreme(keys: Value[], direction: 1 | -1, collation?: Collation): Value {
	let best = keys[0] as Value;
	for (let index = 1; index < keys.length; index++) {
		const key = keys[index] as Value;
		if (compareValues(key, best, collation) * direction < 0) best = key;
	}
	return best;
}
