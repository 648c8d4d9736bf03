/**
 * A pipeline that only counts its documents, as drivers' `countDocuments` does: `$match`, perhaps `$skip` and `$limit`,
 * and a `$group` with a sum of ones, or a `$count`. Its answer can be had without looking at the documents.
 */
import { isDoc, typeOf, T } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { count } from './context.ts';

/** Makes the result of a count; there is none for no documents at all. */
export type CountResult = (documents: number) => Doc[];

const isOne = (value: Value | undefined): boolean =>
	value !== undefined && isDoc(value) && value.size === 1 && isIntOne(value.get('$sum'));

function isIntOne(value: Value | undefined): boolean {
	return typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'Int32' && value.value === 1;
}

const isConstant = (value: Value): boolean => {
	const type = typeOf(value);
	return type === T.int || type === T.double || type === T.null;
};

/** What a pipeline that consists of these stages counts, if counting is all it does. */
export function countOnly(stages: readonly Doc[]): CountResult | undefined {
	const [stage] = stages;
	if (stages.length !== 1) return undefined;
	const name = stage?.get('$count');
	if (typeof name === 'string') return (documents) => (documents === 0 ? [] : [new Map([[name, count(documents)]])]);
	const spec = stage?.get('$group');
	if (!isDoc(spec) || spec.size !== 2) return undefined;
	const id = spec.get('_id');
	if (id === undefined || !isConstant(id)) return undefined;
	const [field, sum] = [...spec].find(([given]) => given !== '_id') ?? [''];
	if (!isOne(sum)) return undefined;
	return (documents) => (documents === 0 ? [] : [new Map<string, Value>([['_id', id], [field, count(documents)]])]);
}
