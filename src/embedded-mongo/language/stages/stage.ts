import type { Doc, Value } from '../../bson/values.ts';
import type { Collation } from '../collation.ts';
import type { ExpressionEnv } from '../expression/env.ts';
import { TICK } from '../slices.ts';
import type { Tick } from '../slices.ts';

/** Documents on their way from stage to stage, with ticks between them: see slices.ts. */
export type Flow = Iterable<Doc | Tick>;

/** What a pipeline needs from the store. Times and variables are those of the whole command. */
export type PipelineEnv = {
	/** All documents of a collection of the same database; nothing if there is none. */
	readCollection(name: string): Flow;
	/** The documents matching a filter, by way of an index; `undefined` if no index serves. */
	readCollectionWhere?(name: string, filter: Doc): Flow | undefined;
	let?: Doc;
	collation?: Collation;
	now?: Date;
	/** The most bytes a blocking stage may hold; no limit if undefined. */
	memoryLimitBytes?: number;
};

/** A compiled stage. Runs lazily; may be run any number of times. It hands ticks on. */
export type Stage = (input: Flow) => Flow;

/** What stages are compiled against; `compile` builds nested pipelines. */
export type StageEnv = {
	store: PipelineEnv;
	expressions: ExpressionEnv;
	compile(stages: Value, env: StageEnv): Stage;
};

export type StageCompiler = (spec: Value, env: StageEnv, name: string) => Stage;
export type StageTable = Record<string, StageCompiler>;

/** Stages that make documents of their own, so nothing can stand before them; the store runs those not offered by the language. */
export const INITIAL_STAGES: ReadonlySet<string> = new Set([
	'$changeStream',
	'$collStats',
	'$currentOp',
	'$documents',
	'$indexStats',
	'$listLocalSessions',
	'$listSessions',
	'$planCacheStats'
]);

/** A stage that turns each document into one other. */
export function mapping(change: (doc: Doc) => Doc): Stage {
	return function* (input) {
		for (const doc of input) yield doc === TICK ? TICK : change(doc);
	};
}

/** All documents of a flow; gives way where the flow does. */
export function* gather(flow: Flow): Generator<Tick, Doc[], void> {
	if (Array.isArray(flow)) return flow as Doc[];
	const all: Doc[] = [];
	for (const doc of flow) {
		if (doc === TICK) yield TICK;
		else all.push(doc);
	}
	return all;
}
