import { isDoc, typeName } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import { storeError, typeMismatch } from '../errors.ts';
import { expressionEnv } from '../expression/compile.ts';
import { TICK } from '../slices.ts';
import { bucketAuto } from './bucket-auto.ts';
import { GROUPS } from './group.ts';
import { JOINS } from './join.ts';
import { parseOutput } from './output.ts';
import type { OutputStage } from './output.ts';
import { compileSortStage } from './sort.ts';
import { INITIAL_STAGES } from './stage.ts';
import type { Flow, PipelineEnv, Stage, StageCompiler, StageEnv } from './stage.ts';
import { limitOf, skipOf, TRANSFORMS } from './transform.ts';
import { WINDOWS } from './window.ts';

export { gather } from './stage.ts';
export type { Flow, PipelineEnv, Stage } from './stage.ts';
export type { OutputStage } from './output.ts';

const STAGES = new Map<string, StageCompiler>(
	[TRANSFORMS, GROUPS, JOINS, WINDOWS, { $bucketAuto: bucketAuto, $sort: (spec: Value, env: StageEnv) => compileSortStage(spec, env) }].flatMap(
		(table) => Object.entries(table as Record<string, StageCompiler>)
	)
);

/** A compiled pipeline: call it with the input; `output` says where the results go if it ends in `$out` or `$merge`. */
export type Pipeline = Stage & { output: OutputStage | undefined };

/**
 * Compiles an aggregation pipeline into a lazy function over documents.
 * Throws `StoreError` with MongoDB's code for anything malformed or not offered, here or while it runs.
 */
export function compilePipeline(stages: readonly Value[], env: PipelineEnv): Pipeline {
	const steps = stages.map(stageParts);
	let output: OutputStage | undefined;
	const last = steps.at(-1);
	if (last && (last.name === '$out' || last.name === '$merge')) {
		output = parseOutput(last.name, last.spec);
		steps.pop();
	}
	const stageEnv: StageEnv = { store: env, expressions: expressionEnv(env), compile: compileNested };
	return Object.assign(chain(steps, stageEnv, true), { output });
}

type Step = { name: string; spec: Value };

function stageParts(stage: Value): Step {
	if (!isDoc(stage)) throw typeMismatch(`Each element of the 'pipeline' array must be an object`);
	if (stage.size !== 1)
		throw storeError(40323, 'A pipeline stage specification object must contain exactly one field.');
	const [name, spec] = stage.entries().next().value as [string, Value];
	return { name, spec };
}

function compileNested(stages: Value, env: StageEnv): Stage {
	if (!Array.isArray(stages))
		throw typeMismatch(`'pipeline' option must be specified as an array, found ${typeName(stages)}`);
	const steps = stages.map(stageParts);
	for (const { name } of steps) {
		if (name === '$out' || name === '$merge')
			throw storeError(51047, `${name} is not allowed within a nested pipeline`);
	}
	return chain(steps, env, false);
}

function chain(steps: Step[], env: StageEnv, top: boolean): Stage {
	const run: Stage[] = steps.map(({ name, spec }, at) => {
		if (name === '$out' || name === '$merge')
			throw storeError(40601, `${name} can only be the final stage in the pipeline`);
		if (at > 0 && INITIAL_STAGES.has(name))
			throw storeError(40602, `${name} is only valid as the first stage in a pipeline`);
		const compiler = STAGES.get(name);
		if (!compiler) throw storeError(40324, `Unrecognized pipeline stage name: '${name}'`);
		if (name === '$sort') return compileSortStage(spec, env, boundAfter(steps, at));
		return compiler(spec, env, name);
	});
	if (run.length === 0 && top) return (input) => input;
	return (input) => run.reduce((docs, stage) => stage(docs), input);
}

/** How many documents the stages right after a `$sort` can use. */
function boundAfter(steps: Step[], at: number): number | undefined {
	let skipped = 0;
	for (const { name, spec } of steps.slice(at + 1)) {
		if (name === '$skip') skipped += skipOf(spec);
		else return name === '$limit' ? skipped + limitOf(spec) : undefined;
	}
	return undefined;
}

/** Runs a whole pipeline over an array, for tests and small inputs. */
export function runPipeline(stages: readonly Value[], input: Flow, env: PipelineEnv): Doc[] {
	return [...compilePipeline(stages, env)(input)].filter((doc) => doc !== TICK);
}
