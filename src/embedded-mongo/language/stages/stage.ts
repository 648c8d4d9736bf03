import type { Doc, Value } from '../../bson/values.ts';
import type { Collation } from '../collation.ts';
import type { ExpressionEnv } from '../expression/env.ts';

/** What a pipeline needs from the store. Times and variables are those of the whole command. */
export type PipelineEnv = {
	/** All documents of a collection of the same database; nothing if there is none. */
	readCollection(name: string): Iterable<Doc>;
	/** The documents matching a filter, by way of an index; `undefined` if no index serves. */
	readCollectionWhere?(name: string, filter: Doc): Iterable<Doc> | undefined;
	let?: Doc;
	collation?: Collation;
	now?: Date;
	/** The most bytes a blocking stage may hold; no limit if undefined. */
	memoryLimitBytes?: number;
};

/** A compiled stage. Runs lazily; may be run any number of times. */
export type Stage = (input: Iterable<Doc>) => Iterable<Doc>;

/** What stages are compiled against; `compile` builds nested pipelines. */
export type StageEnv = {
	store: PipelineEnv;
	expressions: ExpressionEnv;
	compile(stages: Value, env: StageEnv): Stage;
};

export type StageCompiler = (spec: Value, env: StageEnv, name: string) => Stage;
export type StageTable = Record<string, StageCompiler>;

/** A stage that turns each document into one other. */
export function mapping(change: (doc: Doc) => Doc): Stage {
	return function* (input) {
		for (const doc of input) yield change(doc);
	};
}
