/** Counts keys of a table, giving way: a million keys would keep the thread for a tenth of a second. */
import { checkLimits, giveWay } from '../limits.ts';
import type { Limits } from '../limits.ts';
import type { Table } from './environment.ts';

/** Keys skipped at a time. A skip that leads past the end of its range still walks all the way, so the first are short. */
const FIRST_STEP = 128;
const LONGEST_STEP = 50_000;

/** Number of keys in [from, to). */
export async function countKeys(table: Table, from: Buffer, to: Buffer, limits: Limits): Promise<number> {
	let total = 0;
	let step = FIRST_STEP;
	for (let start = from; ; ) {
		const next = table.keyAfter(start, to, step);
		if (!next) return total + table.count(start, to);
		total += step;
		start = next;
		if (step === LONGEST_STEP) {
			checkLimits(limits);
			await giveWay();
		} else step = Math.min(step * 8, LONGEST_STEP);
	}
}
