import { UNDEFINED } from '../bson/values.ts';
import type { Doc, Maybe, Value } from '../bson/values.ts';

/** A predicate over one value found at a path; `undefined` stands for a missing field. */
export type Test = (value: Maybe) => boolean;

/** Where a match was found: the index in the outermost array on its path, for the positional operator. */
export type Hit = { index: number };

/** What happens to an array at the end of a path: its elements are tried and then itself, or only itself. */
export type Leaf = 'elements' | 'whole';

const DIGITS = /^\d+$/;

/** The index a path component names, or -1. Leading zeros name fields, not indexes. */
export function arrayIndex(part: string): number {
	if (!DIGITS.test(part) || (part.length > 1 && part.startsWith('0'))) return -1;
	return Number(part);
}

/** Compiles a dotted path and a test into a function that says whether any value on that path passes. */
export function compilePath(path: string, test: Test, leaf: Leaf): (doc: Doc, hit: Hit | null) => boolean {
	const parts = path.split('.');
	if (parts.length === 1) {
		return (doc, hit) => {
			const value = doc.get(path);
			return Array.isArray(value) ? testLeaf(value, test, leaf, hit) : test(value);
		};
	}
	return (doc, hit) => anyInDoc(doc, parts, 0, test, leaf, hit);
}

function testLeaf(items: Value[], test: Test, leaf: Leaf, hit: Hit | null): boolean {
	if (leaf === 'elements') {
		for (let index = 0; index < items.length; index++) {
			if (test(items[index])) {
				if (hit) hit.index = index;
				return true;
			}
		}
	}
	return test(items);
}

function anyInDoc(doc: Doc, parts: string[], from: number, test: Test, leaf: Leaf, hit: Hit | null): boolean {
	let current = doc;
	for (let at = from; at < parts.length; at++) {
		const value = current.get(parts[at] as string);
		const last = at === parts.length - 1;
		if (Array.isArray(value)) {
			return last ? testLeaf(value, test, leaf, hit) : anyInArray(value, parts, at + 1, test, leaf, hit);
		}
		if (last) return test(value);
		if (!(value instanceof Map)) return test(undefined);
		current = value;
	}
	return false;
}

/** `parts[from]` is looked up in the documents of the array, or names one of its elements by index. */
function anyInArray(items: Value[], parts: string[], from: number, test: Test, leaf: Leaf, hit: Hit | null): boolean {
	const wanted = arrayIndex(parts[from] as string);
	const last = from === parts.length - 1;
	for (let index = 0; index < items.length; index++) {
		const item = items[index] as Value;
		if (item instanceof Map && anyInDoc(item, parts, from, test, leaf, hit)) {
			if (hit) hit.index = index;
			return true;
		}
		if (index !== wanted) continue;
		// An element the path itself names is no match the positional operator could stand for.
		if (last) {
			if (test(item)) return true;
			continue;
		}
		if (item instanceof Map && anyInDoc(item, parts, from + 1, test, leaf, hit)) return true;
		if (Array.isArray(item) && anyInArray(item, parts, from + 1, test, leaf, hit)) return true;
	}
	return false;
}

/**
 * Every value a path leads to, as an index or `distinct` sees them: arrays on the way are traversed,
 * an array at the end gives its elements if `leaf` is `elements` (and nothing if it is empty).
 */
export function valuesAt(doc: Doc, path: string, leaf: Leaf): Value[] {
	const found: Value[] = [];
	const collect: Test = (value) => {
		if (value !== undefined) found.push(value);
		return false;
	};
	const spread: Test = (value) => {
		if (Array.isArray(value)) found.push(...value);
		else collect(value);
		return false;
	};
	anyInDoc(doc, path.split('.'), 0, leaf === 'elements' ? spread : collect, 'whole', null);
	return found;
}

/**
 * The keys an index or a sort on this path sees: `null` for a missing field, BSON undefined for an empty array,
 * one key per element for an array at the end or on the way.
 */
export function keysAt(doc: Doc, path: string): Value[] {
	if (!path.includes('.')) {
		const value = doc.get(path);
		return Array.isArray(value) ? (value.length === 0 ? [UNDEFINED] : value) : [value === undefined ? null : value];
	}
	const keys: Value[] = [];
	collectKeys(doc, path.split('.'), 0, keys);
	return keys;
}

function collectKeys(start: Value, parts: string[], from: number, keys: Value[]): void {
	let current: Maybe = start;
	for (let at = from; at < parts.length; at++) {
		const part = parts[at] as string;
		if (Array.isArray(current)) {
			const index = arrayIndex(part);
			if (index < 0 || index >= current.length) {
				for (const item of current) collectKeys(item instanceof Map ? item : null, parts, at, keys);
				if (current.length === 0) keys.push(null);
				return;
			}
			current = current[index];
			// An element named by its index is a key as it stands, even if it is an array.
			if (at === parts.length - 1) {
				keys.push(current ?? null);
				return;
			}
		} else current = current instanceof Map ? current.get(part) : undefined;
	}
	if (!Array.isArray(current)) keys.push(current === undefined ? null : current);
	else if (current.length === 0) keys.push(UNDEFINED);
	else keys.push(...current);
}
