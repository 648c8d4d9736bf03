/**
 * Which top-level fields of its documents a pipeline looks at, so that the rest of them need not be decoded.
 *
 * It errs on the safe side: a field named for another reason is needed too, and whatever is not known here needs all.
 */
import { isDoc } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import { isNumeric, toDouble } from '../numbers.ts';

type Fields = Set<string>;
/** Adds what a stage looks at; false if that may be anything. */
type Look = (spec: Value, fields: Fields) => boolean;

const top = (path: string): string => path.split('.', 1)[0] as string;

/** Expressions that look at the document without naming it, or name fields without a `$`. */
const OPAQUE = /^\$(getField|top|topN|bottom|bottomN|meta)$/;

function expression(spec: Value, fields: Fields): boolean {
	if (typeof spec === 'string') {
		if (spec.startsWith('$$')) return !/^\$\$(ROOT|CURRENT)\b/.test(spec);
		if (spec.startsWith('$')) fields.add(top(spec.slice(1)));
		return true;
	}
	if (Array.isArray(spec)) return spec.every((item) => expression(item, fields));
	if (!isDoc(spec)) return true;
	return [...spec].every(([name, value]) => !OPAQUE.test(name) && expression(value, fields));
}

function filter(spec: Value, fields: Fields): boolean {
	if (!isDoc(spec)) return false;
	return [...spec].every(([name, value]) => {
		if (name === '$expr') return expression(value, fields);
		if (name === '$and' || name === '$or' || name === '$nor') {
			return Array.isArray(value) && value.every((branch) => filter(branch, fields));
		}
		if (name.startsWith('$')) return false;
		fields.add(top(name));
		return true;
	});
}

/** The fields a stage sets are added to what is there, so both are needed. */
function named(spec: Value, fields: Fields): boolean {
	if (!isDoc(spec)) return false;
	for (const name of spec.keys()) fields.add(top(name));
	return expression(spec, fields);
}

const unwind: Look = (spec, fields) => expression(isDoc(spec) ? (spec.get('path') ?? null) : spec, fields);

function leavesOut(value: Value): boolean {
	if (isDoc(value)) return [...value].some(([name, inner]) => !name.startsWith('$') && leavesOut(inner));
	return value === false || (isNumeric(value) && toDouble(value) === 0);
}

/** A projection that leaves fields out keeps all the others. */
function project(spec: Value, fields: Fields): boolean {
	if (!isDoc(spec)) return false;
	if ([...spec].some(([name, value]) => (name !== '_id' || isDoc(value)) && leavesOut(value))) return false;
	if (spec.size === 1 && leavesOut(spec.get('_id') ?? null)) return false;
	fields.add('_id');
	return named(spec, fields);
}

/** Stages that hand on the documents they get, more or less. */
const PASSING: ReadonlyMap<string, Look> = new Map<string, Look>([
	['$match', filter],
	['$sort', named],
	['$unwind', unwind],
	['$addFields', named],
	['$set', named],
	['$skip', () => true],
	['$limit', () => true]
]);

/** Stages after which nothing is left of a document but what they name. */
const FINAL: ReadonlyMap<string, Look> = new Map<string, Look>([
	['$group', expression],
	['$sortByCount', expression],
	['$count', () => true],
	['$project', project]
]);

/** The fields a pipeline needs; nothing if it may need any. */
export function neededFields(stages: readonly Doc[]): ReadonlySet<string> | undefined {
	const fields: Fields = new Set();
	for (const stage of stages) {
		const [name, spec] = stage.entries().next().value ?? ['', null];
		const final = FINAL.get(name);
		if (final) return final(spec, fields) ? fields : undefined;
		const passing = PASSING.get(name);
		if (!passing?.(spec, fields)) return undefined;
	}
	return undefined;
}
