/** Which keys a document has in an index: arrays give one key per element, missing fields count as null. */
import { MANY, readPath } from '../bson/read-path.ts';
import type { RawPath } from '../bson/read-path.ts';
import { UNDEFINED } from '../bson/values.ts';
import type { Doc, Maybe, Value } from '../bson/values.ts';
import { storeError } from '../language/errors.ts';

export interface ExtractedKeys {
	/** One row of values per key, in the order of the index's fields. */
	rows: Value[][];
	/** Fields whose path meets an array. */
	multikey: boolean[];
	/** True if none of the fields exists. */
	nothingFound: boolean;
}

/** A field on its way into the document: settled with a value, or stopped before an array. */
interface Pending {
	value?: Maybe;
	array?: Value[];
	/** What is left of the path after the array. */
	rest: readonly string[];
}

const DIGITS = /^(0|[1-9][0-9]*)$/;

/** Follows a path up to its value or the first array. */
function follow(from: Maybe, path: readonly string[]): Pending {
	let current = from;
	for (let i = 0; i < path.length; i++) {
		if (Array.isArray(current)) {
			const part = path[i] as string;
			// A numeric part names a position unless elements are documents with a field of that name.
			if (DIGITS.test(part) && !current.some((item) => item instanceof Map && item.has(part))) {
				current = current[Number(part)];
				continue;
			}
			return { array: current, rest: path.slice(i) };
		}
		if (!(current instanceof Map)) return { value: undefined, rest: [] };
		current = current.get(path[i] as string);
	}
	if (Array.isArray(current)) return { array: current, rest: [] };
	return { value: current, rest: [] };
}

/**
 * The same from the bytes of a document, without decoding the rest of it. Only for those that have one key: `undefined` where
 * a path meets an array.
 */
export function extractKey(bytes: Uint8Array, paths: readonly RawPath[]): ExtractedKeys | undefined {
	const row: Value[] = [];
	const multikey: boolean[] = [];
	let found = false;
	for (const path of paths) {
		const value = readPath(bytes, path);
		if (value === MANY || Array.isArray(value)) return undefined;
		if (value !== undefined) found = true;
		row.push(value ?? null);
		multikey.push(false);
	}
	return { rows: [row], multikey, nothingFound: !found };
}

export function extractKeys(doc: Doc, paths: readonly (readonly string[])[]): ExtractedKeys {
	const multikey = paths.map(() => false);
	const rows: Value[][] = [];
	let found = false;

	const expand = (pending: Pending[]): void => {
		let array: Value[] | undefined;
		for (let i = 0; i < pending.length; i++) {
			const field = pending[i] as Pending;
			if (!field.array) continue;
			multikey[i] = true;
			if (array && array !== field.array) {
				const first = pending.findIndex((other) => other.array === array);
				const nameOf = (at: number) => paths[at]?.at(-1 - (pending[at]?.rest.length ?? 0));
				throw storeError(
					'CannotIndexParallelArrays',
					`cannot index parallel arrays [${nameOf(i)}] [${nameOf(first)}]`
				);
			}
			array = field.array;
		}
		if (!array) {
			rows.push(
				pending.map((field) => {
					if (field.value === undefined) return null;
					found = true;
					return field.value;
				})
			);
			return;
		}
		if (array.length === 0) {
			expand(
				pending.map((field) =>
					field.array ? { value: field.rest.length === 0 ? UNDEFINED : undefined, rest: [] } : field
				)
			);
			return;
		}
		for (const item of array) {
			expand(
				pending.map((field) => {
					if (!field.array) return field;
					if (field.rest.length === 0) return { value: item, rest: [] };
					return item instanceof Map ? follow(item, field.rest) : { value: undefined, rest: [] };
				})
			);
		}
	};
	expand(paths.map((path) => follow(doc, path)));
	return { rows, multikey, nothingFound: !found };
}
