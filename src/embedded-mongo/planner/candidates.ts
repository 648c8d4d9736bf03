/** What one index can do for a query: which stretches of its keys to read, and in which order they come. */
import { cutBound, KEY_END, MAX_KEY_BYTES } from '../indexes/key-encoding.ts';
import type { Index } from '../indexes/description.ts';
import type { FilterNode } from '../language/filter.ts';
import type { Sort } from '../language/sort.ts';
import { after, PREFIX_BYTES } from '../storage/keys.ts';
import type { Condition } from './conditions.ts';
import { boundsOn } from './index-bounds.ts';
import { EVERYTHING, intersect, NULL_BOUNDS } from './intervals.ts';
import type { Bounds, Interval } from './intervals.ts';
import { implies } from './partial.ts';
import type { Access, KeyRange, ShownBounds } from './plan.ts';

/** A condition with the bounds it puts on one index. */
interface Predicate extends Condition {
	bounds: Bounds;
}

export interface Candidate {
	access: Extract<Access, { kind: 'index' }>;
	sorted: boolean;
	/** Fields with a single value each, then fields with a bound at all. */
	points: number;
	bounded: number;
	/** What its bounds are made from. */
	used: readonly FilterNode[];
}

/** Most ranges one index scan is split into. */
const MAX_RANGES = 1000;

/** The end of a whole key, and the byte that makes the next key of it. */
const WHOLE_KEY_END = Buffer.of(KEY_END, 0);

/** The bounds of conditions on an index, as far as what it keeps of the values allows any. */
function predicatesFor(index: Index, conditions: Condition[], collation: string): Predicate[] {
	const found: Predicate[] = [];
	for (const condition of conditions) {
		const at = index.fields.indexOf(condition.path);
		if (at < 0) continue;
		const bounds = boundsOn(index, at, condition, collation);
		if (bounds) found.push({ ...condition, bounds });
	}
	return found;
}

interface FieldBounds {
	intervals: Interval[];
	used: Predicate[];
}

function rank(predicate: Predicate): number {
	const { intervals } = predicate.bounds;
	if (intervals.length === 0) return 0;
	if (intervals.every((interval) => interval.point)) return 1 + intervals.length / 1e6;
	return intervals.includes(EVERYTHING) ? 4 : 2;
}

/** Bounds of one field; on arrays two predicates may be satisfied by different elements, so only one counts. */
function boundsOfField(predicates: Predicate[], multikey: boolean): FieldBounds | undefined {
	const usable = predicates.filter((predicate) => rank(predicate) < 4).sort((a, b) => rank(a) - rank(b));
	const [best] = usable;
	if (!best) return undefined;
	const together = multikey
		? usable.filter((other) => other === best || (best.group !== undefined && other.group === best.group))
		: usable;
	let { intervals } = best.bounds;
	for (const other of together) if (other !== best) intervals = intersect(intervals, other.bounds.intervals);
	return { intervals, used: together };
}

const firstPart = (path: string): string => path.split('.', 1)[0] as string;

/** Two fields below the same array: their bounds hold together only inside one $elemMatch. */
function clashes(index: Index, at: number, earlier: { at: number; used: Predicate[] }[], used: Predicate[]): boolean {
	if (!index.multikey[at]) return false;
	return earlier.some((other) => {
		if (!index.multikey[other.at]) return false;
		if (firstPart(index.fields[at] as string) !== firstPart(index.fields[other.at] as string)) return false;
		const group = used[0]?.group;
		return group === undefined || other.used[0]?.group !== group;
	});
}

function toKeys(interval: Interval, direction: 1 | -1): { from: Buffer; to: Buffer } {
	const invert = (bytes: Buffer): Buffer => bytes.map((byte) => ~byte & 0xff) as Buffer;
	if (direction > 0) {
		return {
			from: interval.lowIn ? interval.low : after(interval.low),
			to: interval.highIn ? after(interval.high) : interval.high
		};
	}
	const low = Buffer.from(invert(interval.low));
	const high = Buffer.from(invert(interval.high));
	return { from: interval.highIn ? high : after(high), to: interval.lowIn ? after(low) : low };
}

/** Puts field bounds together to ranges of whole keys. */
function composeRanges(index: Index, fields: FieldBounds[]): { ranges: KeyRange[]; usedFields: number; cut: boolean } {
	let prefixes: Buffer[] = [index.prefix];
	let usedFields = 0;
	let ranges: KeyRange[] | undefined;
	for (let i = 0; i < fields.length && !ranges; i++) {
		const { intervals } = fields[i] as FieldBounds;
		const direction = index.directions[i] as 1 | -1;
		const parts = intervals.map((interval) => toKeys(interval, direction));
		if (direction < 0) parts.reverse();
		if (prefixes.length * Math.max(1, parts.length) > MAX_RANGES) break;
		usedFields++;
		if (intervals.every((interval) => interval.point)) {
			prefixes = prefixes.flatMap((prefix) => parts.map(({ from }) => Buffer.concat([prefix, from])));
		} else {
			ranges = prefixes.flatMap((prefix) =>
				parts.map(({ from, to }) => ({ from: Buffer.concat([prefix, from]), to: Buffer.concat([prefix, to]) }))
			);
		}
	}
	// All fields of a unique index fixed: the whole key is known, and one get finds it.
	const whole = index.unique && usedFields === index.fields.length;
	ranges ??= prefixes.map((prefix) => {
		if (!whole || prefix.length > MAX_KEY_BYTES - 20) return { from: prefix, to: after(prefix) };
		const to = Buffer.concat([prefix, WHOLE_KEY_END]);
		return { from: to.subarray(0, -1), to };
	});
	let cut = false;
	const limited = ranges.map(({ from, to }) => {
		if (Math.max(from.length, to.length) < PREFIX_BYTES + MAX_KEY_BYTES - 20) return { from, to };
		cut = true;
		const keyFrom = from.subarray(PREFIX_BYTES);
		const keyTo = to.subarray(PREFIX_BYTES);
		const longTo = cutBound(keyTo).length < keyTo.length;
		return {
			from: Buffer.concat([index.prefix, cutBound(keyFrom)]),
			to: longTo ? after(Buffer.concat([index.prefix, cutBound(keyTo)])) : to
		};
	});
	return { ranges: limited, usedFields, cut };
}

/** Whether reading the index in key order gives the order of the sort; the direction if so. */
function orderOf(index: Index, fields: FieldBounds[], sort: Sort): 1 | -1 | undefined {
	if (index.cut) return undefined;
	const single = fields.map(({ intervals }) => intervals.length === 1 && intervals[0]?.point === true);
	let at = 0;
	let direction: 1 | -1 | undefined;
	let arrays = 0;
	for (const { path, direction: wanted } of sort.fields) {
		// A field with one value for all records does not disturb any order, unless arrays hide other values.
		// Nor is one hash one value.
		const fixed = index.fields.findIndex(
			(field, i) => field === path && single[i] && !index.multikey[i] && i !== index.hashed
		);
		if (fixed >= 0) {
			if (fixed === at) at++;
			continue;
		}
		while (at < index.fields.length && index.fields[at] !== path && single[at]) at++;
		if (index.fields[at] !== path || at === index.hashed) return undefined;
		if (index.multikey[at]) {
			// The first key met is the array's smallest (or largest) only if no bound hides it.
			if (fields[at] !== undefined || ++arrays > 1) return undefined;
		}
		const here = (index.directions[at] === wanted ? 1 : -1) as 1 | -1;
		if (direction !== undefined && direction !== here) return undefined;
		direction = here;
		at++;
	}
	return direction ?? 1;
}

/** How an index could serve the query; nothing if it can't help. */
export function candidateFor(
	index: Index,
	tree: FilterNode,
	conditions: Condition[],
	sort: Sort | undefined,
	/** Key of the query's collation; empty for binary order. */
	collation: string,
	forced: boolean
): Candidate | undefined {
	if (index.building || index.hidden || index.dropped) return undefined;
	// What an index filter says it says in binary order.
	if (index.partial && (collation !== '' || !implies(tree, index.partial.tree))) return undefined;
	const predicates = predicatesFor(index, conditions, collation);
	// Most indexes have nothing to do with a query.
	if (predicates.length === 0 && !sort && !forced) return undefined;
	const fields: FieldBounds[] = [];
	const taken: { at: number; used: Predicate[] }[] = [];
	for (let i = 0; i < index.fields.length; i++) {
		const onField = predicates.filter((predicate) => predicate.path === index.fields[i]);
		const bounds = boundsOfField(onField, index.multikey[i] === true);
		if (!bounds || clashes(index, i, taken, bounds.used)) break;
		fields.push(bounds);
		taken.push({ at: i, used: bounds.used });
		if (!bounds.intervals.every((interval) => interval.point)) break;
	}
	const { ranges, usedFields, cut } = composeRanges(index, fields);
	fields.length = usedFields;
	const order = sort && collation === '' && !index.collation ? orderOf(index, fields, sort) : undefined;
	if (usedFields === 0 && order === undefined && !forced) return undefined;
	// A sparse index lacks documents; it serves only predicates that a missing field can't satisfy.
	if (index.sparse && !forced && !fields.some(({ intervals }) => intervals.every((interval) => !mayBeNull(interval)))) {
		return undefined;
	}
	const reverse = order === -1;
	const shown = (): ShownBounds =>
		new Map(index.fields.map((field, i) => [field, (fields[i]?.intervals ?? [EVERYTHING]).map((interval) => interval.shown())]));
	return {
		access: {
			kind: 'index',
			index,
			ranges: reverse ? [...ranges].reverse() : ranges,
			reverse,
			shown,
			exact: !cut && !index.cut && isExact(index, tree, fields)
		},
		sorted: order !== undefined,
		points: fields.filter(({ intervals }) => intervals.length === 1 && intervals[0]?.point).length,
		bounded: usedFields,
		used: fields.flatMap(({ used }) => used.map(({ test, node }) => test ?? node))
	};
}

function mayBeNull(interval: Interval): boolean {
	const nothing = NULL_BOUNDS.intervals;
	return intersect([interval], nothing).length > 0;
}

/** Whether the bounds say all the filter says. */
function isExact(index: Index, tree: FilterNode, fields: FieldBounds[]): boolean {
	const conjuncts = tree.kind === 'and' ? tree.children : [tree];
	const used = new Map<FilterNode, { predicate: Predicate; at: number }>();
	fields.forEach((field, at) => {
		for (const predicate of field.used) used.set(predicate.node, { predicate, at });
	});
	const arrays = index.multikey.filter(Boolean).length;
	return conjuncts.every((node) => {
		const place = node.kind === 'path' ? used.get(node) : undefined;
		if (!place) return false;
		const { bounds } = place.predicate;
		if (!index.multikey[place.at]) return bounds.exact;
		return arrays === 1 && bounds.exactInArrays && fields[place.at]?.used.length === 1;
	});
}
