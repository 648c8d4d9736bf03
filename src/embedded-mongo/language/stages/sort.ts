import { isDoc } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import { storeError } from '../errors.ts';
import { memoryMeter } from '../memory.ts';
import { sliceClock, sortInSlices, TICK } from '../slices.ts';
import { compileSort } from '../sort.ts';
import type { Stage, StageEnv } from './stage.ts';

type Row = { key: Value[]; doc: Doc };

/** `$sort`; with `most`, only that many documents are kept, and memory is bounded by them. */
export function compileSortStage(spec: Value, env: StageEnv, most?: number): Stage {
	if (!isDoc(spec)) throw storeError(15973, 'the $sort key specification must be an object');
	if (spec.size === 0) throw storeError(15976, '$sort stage must have at least one sort key');
	const sort = compileSort(spec, env.expressions.collation);
	const compare = (a: Row, b: Row) => sort.compareKeys(a.key, b.key);
	return function* (input) {
		let meter = memoryMeter(env.store.memoryLimitBytes, 'Sort');
		let rows: Row[] = [];
		const over = sliceClock();
		for (const doc of input) {
			if (doc === TICK || over()) yield TICK;
			if (doc === TICK) continue;
			meter(doc);
			rows.push({ key: sort.sortKey(doc), doc });
			if (most === undefined || rows.length < most * 2 + 64) continue;
			rows = rows.sort(compare).slice(0, most);
			meter = memoryMeter(env.store.memoryLimitBytes, 'Sort');
			for (const row of rows) meter(row.doc);
		}
		yield* sortInSlices(rows, compare);
		for (const row of most === undefined ? rows : rows.slice(0, most)) yield row.doc;
	};
}
