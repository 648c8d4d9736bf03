/** `$bucketAuto`: buckets of about the same number of documents. */
import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { compareValues } from '../compare.ts';
import { storeError } from '../errors.ts';
import { memoryMeter } from '../memory.ts';
import { isNumeric, toDouble, toSafeInteger } from '../numbers.ts';
import { sortInSlices, TICK } from '../slices.ts';
import { compileCounted, groupByExpression } from './group.ts';
import { granularityOf } from './preferred-numbers.ts';
import type { Granularity } from './preferred-numbers.ts';
import type { StageCompiler } from './stage.ts';

interface Row {
	key: Value;
	doc: Doc;
}

function readGranularity(spec: Maybe): Granularity | undefined {
	if (spec === undefined) return undefined;
	if (typeof spec !== 'string') {
		throw storeError(40261, `The $bucketAuto 'granularity' field must be a string, but found type: ${typeName(spec)}`);
	}
	const found = granularityOf(spec);
	if (!found) throw storeError(40257, `Unknown rounding granularity '${spec}'`);
	return found;
}

function roundable(key: Value): number {
	if (!isNumeric(key)) {
		throw storeError(
			40258,
			`$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a value with type: ${typeName(key)}`
		);
	}
	const number = toDouble(key);
	if (Number.isNaN(number)) {
		throw storeError(40259, "$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a NaN");
	}
	if (number < 0) {
		throw storeError(
			40260,
			"$bucketAuto can specify a 'granularity' with non-negative numbers only, but found a negative number"
		);
	}
	return number;
}

export const bucketAuto: StageCompiler = (spec, env) => {
	if (!isDoc(spec))
		throw storeError(40240, `The argument to $bucketAuto must be an object, but found type: ${typeName(spec)}.`);
	for (const key of spec.keys()) {
		if (!['groupBy', 'buckets', 'output', 'granularity'].includes(key))
			throw storeError(40245, `Unrecognized option to $bucketAuto: ${key}.`);
	}
	const { expressions } = env;
	const key = groupByExpression(spec.get('groupBy'), expressions, '$bucketAuto');
	const buckets = spec.get('buckets');
	if (buckets === undefined) throw storeError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
	const count = toSafeInteger(buckets);
	if (count === null)
		throw storeError(
			40241,
			`The $bucketAuto 'buckets' field must be a numeric value, but found type: ${typeName(buckets)}`
		);
	if (count <= 0)
		throw storeError(40243, `The $bucketAuto 'buckets' field must be greater than 0, but found: ${count}`);
	const granularity = readGranularity(spec.get('granularity'));
	const output = compileCounted(spec.get('output'), expressions);
	const compare = (a: Value, b: Value) => compareValues(a, b, expressions.collation);
	return function* (input) {
		const meter = memoryMeter(env.store.memoryLimitBytes, '$bucketAuto');
		const rows: Row[] = [];
		for (const doc of input) {
			if (doc === TICK) {
				yield TICK;
				continue;
			}
			meter(doc);
			const row = { key: key(doc) ?? null, doc };
			if (granularity) roundable(row.key);
			rows.push(row);
		}
		yield* sortInSlices(rows, (a, b) => compare(a.key, b.key));
		const keyAt = (at: number): Value => (rows[Math.min(at, rows.length - 1)] as Row).key;
		const size = Math.max(1, Math.round(rows.length / count));
		let at = 0;
		let edge: number | undefined;
		for (let made = 1; at < rows.length; made++) {
			const start = at;
			at = made === count ? rows.length : Math.min(rows.length, at + size);
			let min = keyAt(start);
			let max: Value;
			if (granularity) {
				// The boundary comes to lie beyond the last document; what lies before it belongs here.
				const last = roundable(keyAt(at - 1));
				let boundary = granularity.up(last);
				while (at < rows.length && boundary > roundable(keyAt(at))) at++;
				if (boundary === 0) {
					while (at < rows.length && roundable(keyAt(at)) === 0) at++;
					if (at < rows.length) boundary = granularity.down(roundable(keyAt(at)));
				}
				min = edge ?? granularity.down(roundable(min));
				max = boundary;
				edge = boundary;
			} else {
				// Equal keys stay together.
				while (at < rows.length && compare(keyAt(at), keyAt(at - 1)) === 0) at++;
				max = keyAt(at);
			}
			const totals = output.map(({ make }) => make());
			for (const row of rows.slice(start, at)) for (const total of totals) total.accept(row.doc);
			const id = new Map([
				['min', min],
				['max', max]
			]);
			const doc: Doc = new Map<string, Value>([['_id', id]]);
			totals.forEach((total, index) => doc.set(output[index]?.field ?? '', total.result() ?? null));
			yield doc;
		}
	};
};
