/**
 * Collations of indexes. JavaScript gives no sort keys, so an index with a collation holds folded texts: all strings equal
 * under the collation share one key. It serves equality and uniqueness; ranges and sorts on text it does not.
 */
import { int32 } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import type { Collation } from '../language/collation.ts';

const DEFAULTS: [string, Value][] = [
	['locale', ''],
	['caseLevel', false],
	['caseFirst', 'off'],
	['strength', int32(3)],
	['numericOrdering', false],
	['alternate', 'non-ignorable'],
	['maxVariable', 'punct'],
	['normalization', false],
	['backwards', false],
	['version', '57.1']
];

/** A specification with its defaults filled in, as MongoDB keeps it. */
export function completeCollation(spec: Doc): Doc {
	return new Map(
		DEFAULTS.map(([name, value]): [string, Value] => {
			const given = spec.get(name);
			if (given === undefined) return [name, value];
			return [name, name === 'strength' ? int32(Number(given)) : given];
		})
	);
}

/** A text that two collations share if they compare alike. */
export function collationKey(collation: Collation | undefined): string {
	if (!collation) return '';
	return [...completeCollation(collation.spec)].map(([name, value]) => `${name}=${String(value)}`).join();
}

/** The value with all its texts folded. */
export function foldValue(value: Value, collation: Collation): Value {
	if (typeof value === 'string') return collation.fold(value);
	if (Array.isArray(value)) return value.map((item) => foldValue(item, collation));
	if (value instanceof Map) return new Map([...value].map(([name, item]) => [name, foldValue(item, collation)]));
	return value;
}
