/** A plan as MongoDB's explain shows it. */
import { int32 } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { isNumeric } from '../language/numbers.ts';
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
	/** What is done with the documents instead of returning them. */
	act?: 'UPDATE' | 'DELETE' | 'COUNT';
}

/** What running the plan gave. */
export interface Ran {
	keysExamined: number;
	docsExamined: number;
	/** Documents found. */
	found: number;
	/** Of an update: documents that would not stay as they are, and documents that would be added. */
	modified?: number;
	upserted?: number;
	milliseconds: number;
	/** findAndModify returns the document it changes. */
	returnsDocument?: boolean;
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
				['indexBounds', new Map([...access.shown()].map(([field, intervals]): [string, Value] => [field, intervals]))]
			);
			if (countOnly) return scan;
			const fetch = doc(['stage', 'FETCH']);
			if (!access.exact && filter.size > 0) fetch.set('filter', filter);
			return fetch.set('inputStage', scan);
		}
	}
}

/** Whole fields shown or hidden, which needs no look into them. */
function isSimple(projection: Doc): boolean {
	return [...projection].every(([field, value]) => !/[.$]/.test(field) && (typeof value === 'boolean' || isNumeric(value)));
}

/** The winning plan as nested stages. */
export function showPlan({ query, filter, sort, projection, countOnly, act }: ShownQuery, access: Access): Doc {
	if (act === 'COUNT' && access.kind === 'collection' && filter.size === 0) return doc(['stage', 'RECORD_STORE_FAST_COUNT']);
	let stage = accessStage(access, filter, (countOnly ?? false) && access.kind === 'index' && access.exact);
	if (query.sort && !query.plan.sorted && sort) {
		stage = doc(['stage', 'SORT'], ['sortPattern', sort], ['memLimit', int32(104857600)], ['type', 'simple'], ['inputStage', stage]);
		if (query.limit > 0) stage.set('limitAmount', int32(query.limit + query.skip));
	}
	if (act) return doc(['stage', act], ['inputStage', stage]);
	if (query.skip > 0) stage = doc(['stage', 'SKIP'], ['skipAmount', int32(query.skip)], ['inputStage', stage]);
	if (query.limit > 0) stage = doc(['stage', 'LIMIT'], ['limitAmount', int32(query.limit)], ['inputStage', stage]);
	if (projection && projection.size > 0) {
		const kind = isSimple(projection) ? 'PROJECTION_SIMPLE' : 'PROJECTION_DEFAULT';
		stage = doc(['stage', kind], ['transformBy', projection], ['inputStage', stage]);
	}
	return stage;
}

export function queryPlanner(namespace: string, shown: ShownQuery): Doc {
	return doc(
		['namespace', namespace],
		['parsedQuery', shown.filter],
		['indexFilterSet', false],
		['maxIndexedOrSolutionsReached', false],
		['maxIndexedAndSolutionsReached', false],
		['maxScansToExplodeReached', false],
		['winningPlan', showPlan(shown, shown.query.plan.access)],
		['rejectedPlans', shown.query.plan.rejected.map((access) => accessStage(access, shown.filter, false))]
	);
}

/** Adds to a stage and those below it what is known of them; `returned` is lost below a stage that drops documents. */
function withCounts(stage: Doc, ran: Ran, returned: number | undefined): Doc {
	const { stage: name } = Object.fromEntries(stage);
	const shown = doc(...stage);
	if (returned !== undefined) shown.set('nReturned', int32(returned));
	if (name === 'COLLSCAN' || name === 'FETCH') shown.set('docsExamined', int32(ran.docsExamined));
	if (name === 'IXSCAN' || name === 'COUNT_SCAN') shown.set('keysExamined', int32(ran.keysExamined));
	const below = stage.get('inputStage');
	if (!(below instanceof Map)) return shown;
	const known = name === 'LIMIT' || name === 'SKIP' || name === 'FETCH' || stage.has('limitAmount') ? undefined : returned;
	return shown.set('inputStage', withCounts(below, ran, known));
}

function actStage(stage: Doc, act: ShownQuery['act'], ran: Ran): Doc {
	const shown = withCounts(stage, ran, ran.found).set('nReturned', int32(ran.returnsDocument ? ran.found : 0));
	if (act === 'COUNT') return shown.set('nCounted', int32(ran.found));
	if (act === 'DELETE') return shown.set('nWouldDelete', int32(ran.found));
	return shown
		.set('nMatched', int32(ran.found))
		.set('nWouldModify', int32(ran.modified ?? 0))
		.set('nWouldUpsert', int32(ran.upserted ?? 0));
}

export function executionStats(shown: ShownQuery, ran: Ran): Doc {
	const plan = showPlan(shown, shown.query.plan.access);
	return doc(
		['executionSuccess', true],
		['nReturned', int32(shown.act && !ran.returnsDocument ? 0 : ran.found)],
		['executionTimeMillis', int32(Math.round(ran.milliseconds))],
		['totalKeysExamined', int32(ran.keysExamined)],
		['totalDocsExamined', int32(ran.docsExamined)],
		['executionStages', shown.act ? actStage(plan, shown.act, ran) : withCounts(plan, ran, ran.found)]
	);
}
