import type { Doc, Value } from '../../bson/values.ts';
import { badValue, storeError } from '../errors.ts';
import { isNumeric, toDouble } from '../numbers.ts';
import { compileNamed, namedSpecs } from './arguments.ts';
import type { Eval, ExpressionEnv } from './env.ts';

/** The arguments `$median` and `$percentile` share, as expressions and as accumulators. */
export function percentileArguments(
	operand: Value,
	env: ExpressionEnv,
	name: string,
	median: boolean
): { input: Eval; points: (root: Doc) => number[] } {
	const specs = namedSpecs(operand, name, median ? ['input', 'method'] : ['input', 'method', 'p'], []);
	if (specs.get('method') !== 'approximate')
		throw badValue("Currently only 'approximate' can be used as percentile 'method'.");
	const { input } = compileNamed(operand, env, name, ['input'], ['method', 'p']);
	if (median) return { input, points: () => [0.5] };
	const p = env.compile(specs.get('p') as Value, env);
	return {
		input,
		points(root) {
			const list = p(root);
			if (!Array.isArray(list) || list.length === 0)
				throw storeError(7750301, "The $percentile 'p' field must be an array of numbers from [0.0, 1.0]");
			return list.map((item) => {
				const point = isNumeric(item) ? toDouble(item) : NaN;
				if (!(point >= 0 && point <= 1))
					throw storeError(7750303, "The $percentile 'p' field must be an array of numbers from [0.0, 1.0]");
				return point;
			});
		}
	};
}
