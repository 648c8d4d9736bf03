/** The bounds of windows: by number of documents, or by distance along the sort field. */
import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { failedToParse, storeError } from '../errors.ts';
import { addUnits, readUnit } from '../expression/calendar.ts';
import { isNumeric, toDouble, toSafeInteger } from '../numbers.ts';
import type { Sort } from '../sort.ts';

/** A date or number as a number, for interpolation along the sort field. */
export function positionOf(value: Maybe): number {
	if (value instanceof Date) return value.getTime();
	return isNumeric(value) ? toDouble(value) : NaN;
}

/** The first document of the window and the one after its last, for each document of a partition. */
export type Bounds = (rows: Doc[]) => (at: number) => [number, number];

function documentBounds(window: Value): Bounds {
	const [low, high] = pair(window, 'documents').map((bound) => {
		if (bound === 'unbounded') return undefined;
		const offset = bound === 'current' ? 0 : toSafeInteger(bound);
		if (offset === null) throw failedToParse('Numeric document-based bounds must be an integer');
		return offset;
	});
	if (low !== undefined && high !== undefined && low > high)
		throw storeError(5339900, 'Lower bound must not exceed upper bound');
	return (rows) => (at) => [
		low === undefined ? 0 : Math.min(rows.length, Math.max(0, at + low)),
		high === undefined ? rows.length : Math.max(0, Math.min(rows.length, at + high + 1))
	];
}

function pair(window: Value, kind: string): Value[] {
	if (!Array.isArray(window) || window.length !== 2)
		throw failedToParse(`Window bounds must be a 2-element array: ${kind}`);
	return window;
}

function rangeBounds(window: Value, unit: Maybe, sort: Sort | undefined): Bounds {
	const field = sort?.fields[0];
	if (!sort || sort.fields.length !== 1 || field?.direction !== 1) {
		throw storeError(5339902, 'Range-based bounds require sortBy a single field, ascending');
	}
	const units = unit === undefined ? undefined : readUnit(unit, '$setWindowFields');
	const [low, high] = pair(window, 'range').map((bound) => {
		if (bound === 'unbounded') return undefined;
		if (bound === 'current') return 0;
		if (!isNumeric(bound)) throw failedToParse('Range-based bounds expression must be a number');
		return toDouble(bound);
	});
	const move = (place: number, by: number) => (units ? addUnits(place, units, by) : place + by);
	return (rows) => {
		const places = rows.map((row) => {
			const key = sort.sortKey(row)[0];
			if (units ? !(key instanceof Date) : !isNumeric(key)) {
				throw storeError(
					5429414,
					`Invalid range: Expected the sortBy field to be a ${units ? 'date' : 'number'}, but it was ${typeName(key)}`
				);
			}
			return positionOf(key);
		});
		return (at) => {
			const place = places[at] ?? NaN;
			const first = low === undefined ? 0 : places.findIndex((other) => other >= move(place, low));
			const past = high === undefined ? -1 : places.findIndex((other) => other > move(place, high));
			return [first < 0 ? rows.length : first, past < 0 ? rows.length : past];
		};
	};
}

/** The bounds a `window` specification asks for; the whole partition without one. */
export function compileBounds(window: Maybe, sort: Sort | undefined): Bounds {
	if (window === undefined) return (rows) => () => [0, rows.length];
	if (!isDoc(window)) throw failedToParse("'window' field must be an object");
	for (const key of window.keys()) {
		if (!['documents', 'range', 'unit'].includes(key))
			throw failedToParse(`'window' field that is not 'documents', 'range' or 'unit': ${key}`);
	}
	const [documents, range] = [window.get('documents'), window.get('range')];
	if (documents !== undefined && range !== undefined)
		throw failedToParse("Window bounds can specify either 'documents' or 'unit', not both.");
	if (documents !== undefined) {
		if (!sort && pair(documents, 'documents').some((bound) => bound !== 'unbounded'))
			throw storeError(5339901, 'Document-based bounds require a sortBy');
		return documentBounds(documents);
	}
	if (range !== undefined) return rangeBounds(range, window.get('unit'), sort);
	return (rows) => () => [0, rows.length];
}
