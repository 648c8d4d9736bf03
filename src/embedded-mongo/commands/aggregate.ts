/** aggregate. A leading $match, $sort, $skip and $limit go to the planner; the other stages run over documents. */
import { decode } from '../bson/codec.ts';
import { pickFields } from '../bson/raw-fields.ts';
import type { Doc } from '../bson/values.ts';
import { batchSource, documentSource, recordSource } from '../cursors/batches.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { failedToParse, inContext, storeError } from '../language/errors.ts';
import { TICK } from '../language/slices.ts';
import type { Tick } from '../language/slices.ts';
import { neededFields } from '../language/stages/needed-fields.ts';
import { compilePipeline } from '../language/stages/pipeline.ts';
import type { Flow, Pipeline, PipelineEnv } from '../language/stages/pipeline.ts';
import { run, SORT_BYTES } from '../planner/query.ts';
import type { Results } from '../planner/query.ts';
import type { Store } from '../store.ts';
import { assertNamespace, documentsOf, namespaceOf, optionalDoc, optionalLet, optionalFlag } from './context.ts';
import type { Command, Context, Reply } from './context.ts';
import { countMatching } from './count.ts';
import { countOnly } from './count-pipeline.ts';
import { explainCommand } from './explain.ts';
import { firstBatch } from './find.ts';
import { writeOutput } from './pipeline-output.ts';
import { splitPipeline } from './pipeline-head.ts';
import { isStatistics, statisticsSource } from './pipeline-statistics.ts';
import { collationFor, prepareQuery } from './query-arguments.ts';

const FIELDS = [
	'pipeline',
	'cursor',
	'explain',
	'allowDiskUse',
	'bypassDocumentValidation',
	'collation',
	'hint',
	'let',
	'needsMerge',
	'fromMongos',
	'isMapReduceCommand',
	'exchange',
	'requestReshardingResumeToken'
];

/** Decoded documents, with all their fields or with those that are needed. */
function* documentsIn(results: Results, needed?: ReadonlySet<string>): Generator<Doc | Tick, void, void> {
	for (const item of results.items) {
		if (item === TICK) yield TICK;
		else yield decode(needed ? pickFields(item.bytes, needed) : item.bytes);
	}
}

/** What nested stages ($lookup, $unionWith) read from. */
function pipelineEnv(
	store: Store,
	database: string,
	given: Pick<PipelineEnv,
	'let' | 'collation'>,
	collation?: Doc
): PipelineEnv {
	const { environment, catalog } = store;
	return {
		...given,
		now: new Date(),
		memoryLimitBytes: SORT_BYTES,
		readCollection(name) {
			const collection = catalog.get(`${database}.${name}`);
			if (!collection) return [];
			return documentsIn(
				run(environment, collection, prepareQuery(environment, collection, { filter: new Map() }))
			);
		},
		readCollectionWhere(name, filter) {
			const collection = catalog.get(`${database}.${name}`);
			if (!collection) return [];
			const query = prepareQuery(environment, collection, { filter, collation, let: given.let });
			return query.plan.access.kind === 'collection' ? undefined : documentsIn(run(environment, collection, query));
		}
	};
}

async function aggregate(context: Context): Promise<Reply> {
	const { store, command, database } = context;
	const stages = documentsOf(context, 'pipeline');
	if (optionalFlag(context, 'explain')) return explainCommand(context, command, 'queryPlanner');
	const cursor = optionalDoc(context, 'cursor');
	if (!cursor) throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
	const wholeDatabase = toNumber(command.get('aggregate')) === 1;
	const namespace = wholeDatabase ? `${database}.$cmd.aggregate` : namespaceOf(context);
	if (stages[0]?.has('$changeStream')) {
		throw storeError(40573, 'The $changeStream stage is only supported on replica sets');
	}
	const collection = wholeDatabase ? undefined : store.catalog.get(namespace);
	const collationDoc = optionalDoc(context, 'collation');
	const letDoc = optionalLet(context);
	const env = pipelineEnv(
		store,
		database,
		{ let: letDoc, collation: collationFor(collection, collationDoc) },
		collationDoc
	);
	const doing = 'PlanExecutor error during aggregation';
	const batching = { batchSize: toNumber(cursor.get('batchSize')), limits: context.limits, doing };

	/** Runs the stages that are left; a pipeline that ends in $out or $merge has been carried out when it is answered. */
	const answer = async (pipeline: Pipeline, input: Flow, pause?: () => void): Promise<Reply> => {
		if (!pipeline.output) return firstBatch(store, namespace, batchSource(documentSource(pipeline(input), pause)), batching);
		const target = `${pipeline.output.db ?? database}.${pipeline.output.coll}`;
		assertNamespace(target);
		const options = { let: letDoc, bypassValidation: isTrue(command.get('bypassDocumentValidation')) };
		try {
			await writeOutput(context, target, pipeline.output, pipeline(input), options);
		} catch (error) {
			throw inContext(doing, error);
		}
		return firstBatch(store, namespace, batchSource(documentSource([])), batching);
	};

	const [begin] = stages;
	const statistics = begin && isStatistics(begin.keys().next().value) ? await statisticsSource(store, collection, namespace, begin, context.limits) : undefined;
	if (statistics) {
		// Its place counts for the stages after it, so the checks see it too.
		compilePipeline([DOCUMENTS, ...stages.slice(1)], env);
		return answer(compilePipeline(stages.slice(1), env), statistics);
	}
	// The whole pipeline is checked before a part of it is handed to the planner.
	compilePipeline(stages, env);
	assertSource(stages[0], wholeDatabase);
	const { head, rest } = splitPipeline(stages);
	if (!collection) return answer(compilePipeline(rest, env), []);
	const query = prepareQuery(store.environment, collection, {
		...head,
		hint: command.get('hint') ?? undefined,
		collation: collationDoc,
		let: letDoc
	});
	const counted = countOnly(rest);
	if (counted) {
		const total = await countMatching(context, collection, query).catch((error: unknown) => {
			throw inContext(doing, error);
		});
		return firstBatch(store, namespace, batchSource(documentSource(counted(total))), batching);
	}
	const results = run(store.environment, collection, query);
	if (rest.length === 0) return firstBatch(store, namespace, batchSource(recordSource(results)), batching);
	return answer(compilePipeline(rest, env), documentsIn(results, neededFields(rest)), results.pause);
}

const DOCUMENTS: Doc = new Map([['$documents', []]]);

/** `{aggregate: 1}` is for stages that need no collection, and they are for nothing else. */
function assertSource(first: Doc | undefined, wholeDatabase: boolean): void {
	const name = first?.keys().next().value;
	const independent = name === '$documents';
	if (independent && !wholeDatabase) {
		throw storeError('InvalidNamespace', `'${name}' can only be run with {aggregate: 1}`);
	}
	if (!wholeDatabase || independent) return;
	throw storeError(
		'InvalidNamespace',
		name === undefined
			? '{aggregate: 1} is not valid for an empty pipeline.'
			: `{aggregate: 1} is not valid for '${name}'; a collection is required.`
	);
}

export const AGGREGATE: Record<string, Command> = {
	aggregate: { fields: FIELDS, reads: true, run: aggregate }
};
