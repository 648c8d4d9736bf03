/** Runs a query: plan, filter, sort, skip and limit; offers to give way to others when it takes long. */
import { decode, MANY, rawPath, readPath } from '../bson/codec.ts';
import type { Value } from '../bson/values.ts';
import { storeError } from '../language/errors.ts';
import type { Filter } from '../language/filter.ts';
import { SLICE_MS, sortInSlices, TICK } from '../language/slices.ts';
import type { Tick } from '../language/slices.ts';
import type { Sort } from '../language/sort.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Environment } from '../storage/environment.ts';
import { execute } from './execute.ts';
import type { Counts, Found } from './execute.ts';
import { checkLimits } from '../limits.ts';
import type { Limits } from '../limits.ts';
import { noteUse } from './plan.ts';
import type { Plan } from './plan.ts';

export interface Query {
	filter: Filter;
	sort?: Sort;
	skip: number;
	/** 0 means no limit. */
	limit: number;
	plan: Plan;
}

/** What a blocking sort may hold, as in MongoDB. */
export const SORT_BYTES = 100 * 1024 * 1024;

/** The records of a query, in order. */
export interface Results {
	items: Iterator<Found | Tick, void, void> & Iterable<Found | Tick>;
	/** To be called when the reader comes back later: what was read ahead is forgotten. */
	pause(): void;
	counts: Counts;
}

interface Sortable {
	found: Found;
	key: Value[];
	order: number;
}

/** Reads sort keys from the bytes; only arrays, which have several values, need the whole document. */
function keyReader(sort: Sort): (bytes: Buffer) => Value[] {
	const paths = sort.fields.map(({ path }) => rawPath(path));
	return (bytes) => {
		const key: Value[] = [];
		for (const path of paths) {
			const value = readPath(bytes, path);
			if (value === MANY || Array.isArray(value)) return sort.sortKey(decode(bytes));
			key.push(value ?? null);
		}
		return key;
	};
}

/** Keeps the records of a blocking sort; with a limit only the best ones. */
function createSorter(sort: Sort, limit: number): { add(found: Found): void; finish(): Generator<Found | Tick, void, void> } {
	const keyOf = keyReader(sort);
	const held: Sortable[] = [];
	let bytes = 0;
	let order = 0;
	const compare = (a: Sortable, b: Sortable): number => sort.compareKeys(a.key, b.key) || a.order - b.order;

	function prune(): void {
		held.sort(compare);
		if (held.length > limit) held.length = limit;
		bytes = held.reduce((sum, item) => sum + item.found.bytes.length, 0);
	}

	return {
		add(found) {
			held.push({ found, key: keyOf(found.bytes), order: order++ });
			bytes += found.bytes.length;
			// Cutting back only when twice the limit is held keeps the cost near that of one sort.
			if (limit > 0 && (held.length >= Math.max(limit * 2, 64) || (bytes > SORT_BYTES && held.length > limit))) prune();
			if (bytes > SORT_BYTES) {
				throw storeError(
					'QueryExceededMemoryLimitNoDiskUseAllowed',
					`Sort exceeded memory limit of ${SORT_BYTES} bytes, but did not opt in to external sorting.`
				);
			}
		},
		*finish() {
			if (limit > 0) prune();
			else yield* sortInSlices(held, compare);
			for (const item of held) yield item.found;
		}
	};
}

export function run(environment: Environment, collection: Collection, query: Query, counts?: Counts): Results {
	const { filter, sort, skip, limit, plan } = query;
	// Who gives counters of their own explains the query and is not one of its users.
	if (!counts) noteUse(plan.access);
	const executor = execute(environment, collection, plan.access, counts);
	const exact = plan.access.kind === 'index' && plan.access.exact;

	function* matching(): Generator<Found | Tick, void, void> {
		let until = performance.now() + SLICE_MS;
		for (let examined = 0; ; examined++) {
			if ((examined & 15) === 15 && performance.now() > until) {
				executor.pause();
				yield TICK;
				until = performance.now() + SLICE_MS;
			}
			if (collection.dropped) throw storeError('QueryPlanKilled', 'collection dropped');
			const found = executor.next();
			if (!found) return;
			if (exact || filter.matchesBytes(found.bytes)) yield found;
		}
	}

	function* sorted(by: Sort): Generator<Found | Tick, void, void> {
		const sorter = createSorter(by, limit > 0 ? skip + limit : 0);
		for (const found of matching()) {
			if (found === TICK) yield TICK;
			else sorter.add(found);
		}
		yield* sorter.finish();
	}

	function* cut(source: Generator<Found | Tick, void, void>): Generator<Found | Tick, void, void> {
		let place = 0;
		const stop = limit > 0 ? skip + limit : Infinity;
		for (const found of source) {
			if (found === TICK) yield TICK;
			else {
				if (place >= skip) yield found;
				if (++place >= stop) return;
			}
		}
	}

	const ordered = sort && !plan.sorted ? sorted(sort) : matching();
	return {
		items: skip > 0 || limit > 0 ? cut(ordered) : ordered,
		pause: executor.pause,
		counts: executor.counts
	};
}

/** The first record, for write jobs; gives way where the query does. */
export function* first(results: Results, limits: Limits): Generator<void, Found | undefined, void> {
	for (const item of results.items) {
		if (item !== TICK) return item;
		checkLimits(limits);
		yield;
	}
	return undefined;
}
