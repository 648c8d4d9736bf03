/** A plan as MongoDB's explain shows it. */
import { int32 } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import type { Counts } from './execute.ts';
import type { Access } from './plan.ts';
import type { Query } from './query.ts';

function doc(...entries: [string, Value][]): Doc {
	return new Map(entries);
}

export interface ShownQuery {
	query: Query;
	filter: Doc;
	sort?: Doc;
	projection?: Doc;
	/** Only keys were counted. */
	countOnly?: boolean;
}

function accessStage(access: Access, filter: Doc, countOnly: boolean): Doc {
	switch (access.kind) {
		case 'nothing':
			return doc(['stage', 'EOF']);
		case 'collection': {
			const stage = doc(['stage', 'COLLSCAN']);
			if (filter.size > 0) stage.set('filter', filter);
			return stage.set('direction', access.reverse ? 'backward' : 'forward');
		}
		case 'union':
			return doc(
				['stage', 'FETCH'],
				['filter', filter],
				[
					'inputStage',
					doc(['stage', 'OR'], ['inputStages', access.inputs.map((input) => accessStage(input, new Map(), true))])
				]
			);
		case 'index': {
			const { index } = access;
			const scan = doc(
				['stage', countOnly && access.exact ? 'COUNT_SCAN' : 'IXSCAN'],
				['keyPattern', index.key],
				['indexName', index.name],
				['isMultiKey', index.multikey.includes(true)],
				['multiKeyPaths', new Map(index.fields.map((field, i) => [field, index.multikey[i] ? [field] : []]))],
				['isUnique', index.unique],
				['isSparse', index.sparse],
				['isPartial', index.partial !== undefined],
				['indexVersion', int32(2)],
				['direction', access.reverse ? 'backward' : 'forward'],
				['indexBounds', new Map([...access.shown].map(([field, intervals]): [string, Value] => [field, intervals]))]
			);
			if (countOnly) return scan;
			const fetch = doc(['stage', 'FETCH']);
			if (!access.exact && filter.size > 0) fetch.set('filter', filter);
			return fetch.set('inputStage', scan);
		}
	}
}

/** The winning plan as nested stages. */
export function showPlan({ query, filter, sort, projection, countOnly }: ShownQuery, access: Access): Doc {
	let stage = accessStage(access, filter, (countOnly ?? false) && access.kind === 'index' && access.exact);
	if (query.sort && !query.plan.sorted && sort) {
		stage = doc(['stage', 'SORT'], ['sortPattern', sort], ['memLimit', int32(104857600)], ['type', 'simple'], ['inputStage', stage]);
		if (query.limit > 0) stage.set('limitAmount', int32(query.limit + query.skip));
	}
	if (query.skip > 0) stage = doc(['stage', 'SKIP'], ['skipAmount', int32(query.skip)], ['inputStage', stage]);
	if (query.limit > 0) stage = doc(['stage', 'LIMIT'], ['limitAmount', int32(query.limit)], ['inputStage', stage]);
	if (projection && projection.size > 0) {
		stage = doc(['stage', 'PROJECTION_DEFAULT'], ['transformBy', projection], ['inputStage', stage]);
	}
	return stage;
}

export function queryPlanner(namespace: string, shown: ShownQuery): Doc {
	return doc(
		['namespace', namespace],
		['parsedQuery', shown.filter],
		['indexFilterSet', false],
		['winningPlan', showPlan(shown, shown.query.plan.access)],
		['rejectedPlans', shown.query.plan.rejected.map((access) => accessStage(access, shown.filter, false))]
	);
}

export function executionStats(shown: ShownQuery, counts: Counts, returned: number, milliseconds: number): Doc {
	const plan = showPlan(shown, shown.query.plan.access);
	return doc(
		['executionSuccess', true],
		['nReturned', int32(returned)],
		['executionTimeMillis', int32(Math.round(milliseconds))],
		['totalKeysExamined', int32(counts.keysExamined)],
		['totalDocsExamined', int32(counts.docsExamined)],
		['executionStages', new Map([...plan, ['nReturned', int32(returned)]])]
	);
}
