import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { storeError } from '../errors.ts';

/** Splits and checks a field path (without its leading `$`). */
export function fieldParts(path: string): string[] {
	const parts = path.split('.');
	for (const part of parts) {
		if (part === '') {
			if (path.endsWith('.')) throw storeError(40353, "FieldPath must not end with a '.'.");
			throw storeError(15998, 'FieldPath field names may not be empty strings.');
		}
		if (part.startsWith('$')) {
			throw storeError(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
		}
		if (part.includes('\0')) throw storeError(16411, 'FieldPath field names may not contain null bytes.');
	}
	return parts;
}

/** Follows a path as expressions do: arrays of documents give arrays of values, numbers are never indexes. */
export function followPath(doc: Doc, parts: string[], from = 0): Maybe {
	let current: Doc = doc;
	for (let at = from; at < parts.length; at++) {
		const value = current.get(parts[at] as string);
		if (at === parts.length - 1) return value;
		if (value instanceof Map) current = value;
		else return Array.isArray(value) ? followInArray(value, parts, at + 1) : undefined;
	}
	return current;
}

export function followInArray(items: Value[], parts: string[], from: number): Value[] {
	const found: Value[] = [];
	for (const item of items) {
		if (!(item instanceof Map)) continue;
		const value = followPath(item, parts, from);
		if (value !== undefined) found.push(value);
	}
	return found;
}
