/** An index as the store works with it, made from the specification MongoDB's clients send. */
import { rawPath } from '../bson/read-path.ts';
import type { RawPath } from '../bson/read-path.ts';
import type { Doc, Value } from '../bson/values.ts';
import { Int32, isLong } from '../bson/values.ts';
import { compileCollation } from '../language/collation.ts';
import type { Collation } from '../language/collation.ts';
import { compileFilter } from '../language/filter.ts';
import type { Filter } from '../language/filter.ts';
import { prefix } from '../storage/keys.ts';
import { collationKey } from './collation.ts';

export interface Index {
	id: number;
	name: string;
	/** The one every collection has on `_id`. */
	isId: boolean;
	/** The specification as `listIndexes` shows it. */
	spec: Doc;
	key: Doc;
	fields: string[];
	paths: string[][];
	/** The same for reading them from bytes. */
	rawPaths: RawPath[];
	directions: (1 | -1)[];
	/** The field of which hashes are kept in place of values; it serves equality only. */
	hashed?: number;
	unique: boolean;
	sparse: boolean;
	hidden: boolean;
	/** Takes no new duplicates, though it may hold old ones. */
	prepareUnique: boolean;
	/** Texts are folded by it; such an index serves equality only. */
	collation?: Collation;
	collationKey: string;
	partial?: Filter;
	partialFilter?: Doc;
	/** Seconds; present on TTL indexes. */
	expireAfterSeconds?: number;
	/** Per field: some document has an array on this path. Never goes back to false. */
	multikey: boolean[];
	/** Some key was too long and cut, so the index no longer gives exact order. */
	cut: boolean;
	/** Writers keep it up to date, readers do not use it yet. */
	building: boolean;
	dropped: boolean;
	/** Queries that went by it since `usedSince`, for `$indexStats`. */
	uses: number;
	usedSince: Date;
	prefix: Buffer;
}

/** A BSON number of any type as a JavaScript number. */
export function toNumber(value: Value | undefined): number | undefined {
	if (typeof value === 'number') return value;
	if (value instanceof Int32) return value.value;
	if (isLong(value)) return value.toNumber();
	if (value !== null && typeof value === 'object' && '_bsontype' in value && value._bsontype === 'Decimal128') {
		return Number(value.toString());
	}
	return undefined;
}

export function isTrue(value: Value | undefined): boolean {
	if (value === undefined || value === null || value === false) return false;
	return toNumber(value) !== 0;
}

/** Key patterns are equal by value: 1 and 1.0 are the same direction. */
export function sameKey(a: Doc, b: Doc): boolean {
	const direction = (value: Value): Value | undefined => toNumber(value) ?? value;
	const [one, other] = [[...a], [...b]];
	return (
		one.length === other.length &&
		one.every(([field, value], at) => field === other[at]?.[0] && direction(value) === direction(other[at][1]))
	);
}

export function describeIndex(id: number, spec: Doc): Index {
	const key = spec.get('key') as Doc;
	const fields = [...key.keys()];
	const partial = spec.get('partialFilterExpression');
	const expire = toNumber(spec.get('expireAfterSeconds'));
	const collation = compileCollation(spec.get('collation'));
	const hashed = [...key.values()].indexOf('hashed');
	return {
		id,
		name: spec.get('name') as string,
		isId: spec.get('name') === '_id_' || isTrue(spec.get('clustered')),
		spec,
		key,
		fields,
		paths: fields.map((field) => field.split('.')),
		rawPaths: fields.map(rawPath),
		directions: [...key.values()].map((direction) => ((toNumber(direction) ?? 1) < 0 ? -1 : 1)),
		...(hashed < 0 ? {} : { hashed }),
		unique: isTrue(spec.get('unique')) || (fields.length === 1 && fields[0] === '_id' && hashed < 0),
		sparse: isTrue(spec.get('sparse')),
		hidden: isTrue(spec.get('hidden')),
		prepareUnique: isTrue(spec.get('prepareUnique')),
		...(collation ? { collation } : {}),
		collationKey: collationKey(collation),
		...(partial instanceof Map ? { partial: compileFilter(partial), partialFilter: partial } : {}),
		...(expire === undefined ? {} : { expireAfterSeconds: expire }),
		multikey: fields.map(() => false),
		cut: false,
		building: false,
		dropped: false,
		uses: 0,
		usedSince: new Date(),
		prefix: prefix(id)
	};
}
