import type { Maybe, Value } from '../../../bson/values.ts';
import { compileArguments } from '../arguments.ts';
import type { Operator, OperatorTable } from '../env.ts';
import { averageTotal, maximum, minimum, percentiles, standardDeviation, sumTotal } from '../../totals.ts';
import type { Total } from '../../totals.ts';
import { percentileArguments } from '../percentile.ts';

/** One argument that is an array is taken for its elements; several are taken as they are. */
function over(total: (values: Maybe[], env: Parameters<Operator>[1]) => Maybe): Operator {
	return (operand, env, name) => {
		const evals = compileArguments(operand, env, name, 0, Infinity);
		return (root) => {
			const values = evals.map((evaluate) => evaluate(root));
			const only = values.length === 1 ? values[0] : undefined;
			return total(Array.isArray(only) ? only : values, env);
		};
	};
}

function totalOf(make: () => Total): Operator {
	return over((values) => {
		const total = make();
		for (const value of values) total.add(value);
		return total.result();
	});
}

function percentile(median: boolean): Operator {
	return (operand, env, name) => {
		const { input, points } = percentileArguments(operand, env, name, median);
		return (root) => {
			const value = input(root);
			const found = percentiles((Array.isArray(value) ? value : [value]) as Value[], points(root));
			return median ? (found[0] ?? null) : found;
		};
	};
}

export const STATISTICS: OperatorTable = {
	$sum: totalOf(sumTotal),
	$avg: totalOf(averageTotal),
	$min: over((values, env) => minimum(values, env.collation)),
	$max: over((values, env) => maximum(values, env.collation)),
	$stdDevPop: totalOf(() => standardDeviation(false)),
	$stdDevSamp: totalOf(() => standardDeviation(true)),
	$median: percentile(true),
	$percentile: percentile(false)
};
