import type { Value } from '../bson/values.ts';
import { storeError } from './errors.ts';

/** About the number of bytes a value takes up as BSON. */
export function approximateSize(value: Value): number {
	if (typeof value === 'string') return value.length + 5;
	if (typeof value !== 'object' || value === null) return 8;
	if (value instanceof Map) {
		let size = 5;
		for (const [name, item] of value) size += name.length + 2 + approximateSize(item);
		return size;
	}
	if (Array.isArray(value)) {
		let size = 5;
		for (const item of value) size += 4 + approximateSize(item);
		return size;
	}
	return 'position' in value ? value.position + 5 : 16;
}

/** Counts what a blocking stage holds and refuses more than the limit (in bytes; none if undefined). */
export function memoryMeter(limit: number | undefined, what: string): (value: Value) => void {
	if (limit === undefined) return () => undefined;
	let used = 0;
	return (value) => {
		used += approximateSize(value);
		if (used <= limit) return;
		throw storeError(
			'QueryExceededMemoryLimitNoDiskUseAllowed',
			`${what} exceeded memory limit of ${limit} bytes, but did not opt in to external sorting. Pass allowDiskUse:true to opt in.`
		);
	};
}
