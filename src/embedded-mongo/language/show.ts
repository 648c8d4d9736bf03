import { Int32, Long, Timestamp, typeName } from '../bson/values.ts';
import type { Maybe } from '../bson/values.ts';

/** A value as MongoDB prints it in error messages. */
export function show(value: Maybe): string {
	if (value === undefined) return 'MISSING';
	if (typeof value === 'string') return `"${value}"`;
	if (typeof value === 'number') return Number.isInteger(value) ? value.toFixed(1) : String(value);
	if (value === null || typeof value === 'boolean') return String(value);
	if (value instanceof Int32) return String(value.value);
	if (value instanceof Timestamp) return `Timestamp(${value.t}, ${value.i})`;
	if (value instanceof Long) return value.toString();
	if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(show).join(', ')} ]`;
	if (value instanceof Map) {
		if (value.size === 0) return '{}';
		return `{ ${Array.from(value, ([name, item]) => `${name}: ${show(item)}`).join(', ')} }`;
	}
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
	if ('toHexString' in value) return `ObjectId('${value.toHexString()}')`;
	const text = 'toString' in value ? String(value) : '';
	return text.startsWith('[object') ? typeName(value) : text;
}
