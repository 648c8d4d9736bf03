import { isDoc } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import { failedToParse, storeError } from '../errors.ts';
import { expressionEnv } from '../expression/compile.ts';
import type { ExpressionEnv } from '../expression/env.ts';
import type { FilterOptions } from '../filter.ts';
import { compileStageProjection } from '../projection.ts';
import { compileAddFields, compileReplaceRoot, compileUnset } from '../stages/transform.ts';

type Compiler = (spec: Value, env: ExpressionEnv, name: string) => (doc: Doc) => Doc;

/** The stages an update may use: those that turn one document into one other. */
const STAGES: Record<string, Compiler> = {
	$addFields: compileAddFields,
	$set: compileAddFields,
	$project(spec, env) {
		if (!isDoc(spec)) throw storeError(15969, '$project specification must be an object');
		const projection = compileStageProjection(spec, env);
		return (doc) => projection.apply(doc);
	},
	$unset: (spec) => compileUnset(spec),
	$replaceRoot: compileReplaceRoot,
	$replaceWith: compileReplaceRoot
};

/** Compiles an update given as a pipeline. `_id` is put back if a stage drops it. */
export function compileUpdatePipeline(stages: Value[], options: FilterOptions): (doc: Doc) => Doc {
	const env = expressionEnv(options);
	const steps = stages.map((stage) => {
		if (!isDoc(stage) || stage.size !== 1) {
			throw isDoc(stage)
				? storeError(40323, 'A pipeline stage specification object must contain exactly one field.')
				: failedToParse("Each element of the 'pipeline' array must be an object");
		}
		const [name, spec] = stage.entries().next().value as [string, Value];
		const compiler = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
		if (!compiler) throw storeError('InvalidOptions', `${name} is not allowed to be used within an update`);
		return compiler(spec, env, name);
	});
	return (doc) => {
		const made = steps.reduce((current, step) => step(current), doc);
		const id = doc.get('_id');
		return id === undefined || made.has('_id') ? made : new Map([['_id', id], ...made]);
	};
}
