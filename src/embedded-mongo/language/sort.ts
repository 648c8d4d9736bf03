import { isDoc } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import type { Collation } from './collation.ts';
import { compareValues } from './compare.ts';
import { storeError } from './errors.ts';
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
	const sortKey = (doc: Doc) => fields.map((field) => extreme(keysAt(doc, field.path), field.direction, collation));
	return { fields, compareKeys, sortKey, compare: (a, b) => compareKeys(sortKey(a), sortKey(b)) };
}

function extreme(keys: Value[], direction: 1 | -1, collation?: Collation): Value {
	let best = keys[0] as Value;
	for (let index = 1; index < keys.length; index++) {
		const key = keys[index] as Value;
		if (compareValues(key, best, collation) * direction < 0) best = key;
	}
	return best;
}
