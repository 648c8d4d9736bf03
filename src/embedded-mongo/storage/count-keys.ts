/** Counts keys of a table, giving way: a million keys would keep the thread for a tenth of a second. */
import { checkLimits, giveWay } from '../limits.ts';
import type { Limits } from '../limits.ts';
import type { Table } from './environment.ts';

const STEP = 50_000;

/** Number of keys in [from, to). */
export async function countKeys(table: Table, from: Buffer, to: Buffer, limits: Limits): Promise<number> {
	let total = 0;
	for (let start = from; ; ) {
		const next = table.keyAfter(start, to, STEP);
		if (!next) return total + table.count(start, to);
		total += STEP;
		start = next;
		checkLimits(limits);
		await giveWay();
	}
}
