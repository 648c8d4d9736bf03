import { int32, isDoc, T, typeOf } from '../../../bson/values.ts';
import type { Value } from '../../../bson/values.ts';
import { compareValues } from '../../compare.ts';
import { failedToParse, storeError } from '../../errors.ts';
import { isTruthy } from '../../predicates/element.ts';
import { binary, compileArguments, compileNamed, isNullish, namedSpecs } from '../arguments.ts';
import type { Eval, ExpressionEnv, Operator, OperatorTable } from '../env.ts';

function comparison(accepts: (order: number) => boolean): Operator {
	return binary((a, b, env) => accepts(compareMissing(a, b, env)));
}

/** Missing sorts below everything but MinKey, and is not equal to BSON's own undefined. */
function compareMissing(a: Value | undefined, b: Value | undefined, env: ExpressionEnv): number {
	const order = compareValues(a, b, env.collation);
	if (order !== 0 || (a !== undefined && b !== undefined)) return order;
	return Number(typeOf(a) !== T.missing) - Number(typeOf(b) !== T.missing);
}

const cond: Operator = (operand, env, name) => {
	let parts: [Eval, Eval, Eval];
	if (isDoc(operand)) {
		const keys = ['if', 'then', 'else'] as const;
		for (const key of operand.keys()) {
			if (!(keys as readonly string[]).includes(key))
				throw storeError(17083, `Unrecognized parameter to $cond: ${key}`);
		}
		keys.forEach((key, index) => {
			if (!operand.has(key)) throw storeError(17080 + index, `Missing '${key}' parameter to $cond`);
		});
		const named = compileNamed(operand, env, name, keys);
		parts = [named.if, named.then, named.else];
	} else parts = compileArguments(operand, env, name, 3) as [Eval, Eval, Eval];
	const [test, yes, no] = parts;
	return (root) => (isTruthy(test(root)) ? yes(root) : no(root));
};

const switchOperator: Operator = (operand, env) => {
	if (!isDoc(operand)) throw storeError(40060, `$switch requires an object as an argument, found: ${String(operand)}`);
	for (const key of operand.keys()) {
		if (key !== 'branches' && key !== 'default') throw storeError(40067, `$switch found an unknown argument: ${key}`);
	}
	const list = operand.get('branches') ?? [];
	if (!Array.isArray(list)) throw storeError(40061, `$switch expected an array for 'branches', found: ${String(list)}`);
	if (list.length === 0) throw storeError(40068, '$switch requires at least one branch.');
	const branches = list.map((branch) => {
		if (!isDoc(branch)) throw storeError(40062, '$switch expected each branch to be an object');
		for (const key of branch.keys()) {
			if (key !== 'case' && key !== 'then')
				throw storeError(40063, `$switch found an unknown argument to a branch: ${key}`);
		}
		const [test, then] = [branch.get('case'), branch.get('then')];
		if (test === undefined) throw storeError(40064, "$switch requires each branch have a 'case' expression");
		if (then === undefined) throw storeError(40065, "$switch requires each branch have a 'then' expression.");
		return { test: env.compile(test, env), then: env.compile(then, env) };
	});
	const spec = operand.get('default');
	const fallback = spec === undefined ? undefined : env.compile(spec, env);
	return (root) => {
		for (const { test, then } of branches) if (isTruthy(test(root))) return then(root);
		if (!fallback) {
			throw storeError(40066, '$switch could not find a matching branch for an input, and no default was specified.');
		}
		return fallback(root);
	};
};

export const COMPARISON: OperatorTable = {
	$eq: comparison((order) => order === 0),
	$ne: comparison((order) => order !== 0),
	$gt: comparison((order) => order > 0),
	$gte: comparison((order) => order >= 0),
	$lt: comparison((order) => order < 0),
	$lte: comparison((order) => order <= 0),
	$cmp: binary((a, b, env) => int32(Math.sign(compareMissing(a, b, env))))
};

export const LOGIC: OperatorTable = {
	$and(operand, env, name) {
		const evals = compileArguments(operand, env, name, 0, Infinity);
		return (root) => evals.every((evaluate) => isTruthy(evaluate(root)));
	},
	$or(operand, env, name) {
		const evals = compileArguments(operand, env, name, 0, Infinity);
		return (root) => evals.some((evaluate) => isTruthy(evaluate(root)));
	},
	$not(operand, env, name) {
		const [evaluate] = compileArguments(operand, env, name, 1) as [Eval];
		return (root) => !isTruthy(evaluate(root));
	},
	$cond: cond,
	$switch: switchOperator,
	$ifNull(operand, env, name) {
		if (!Array.isArray(operand) || operand.length < 2) {
			throw storeError(
				1257300,
				`$ifNull needs at least two arguments, had: ${Array.isArray(operand) ? operand.length : 1}`
			);
		}
		const evals = compileArguments(operand, env, name, 2, Infinity);
		const last = evals.pop() as Eval;
		return (root) => {
			for (const evaluate of evals) {
				const value = evaluate(root);
				if (!isNullish(value)) return value;
			}
			return last(root);
		};
	}
};

/** `$let`, `$literal` and the like: what binds or quotes. */
export const BINDING: OperatorTable = {
	$literal: (operand) => () => operand,
	$const: (operand) => () => operand,
	$let(operand, env, name) {
		const specs = namedSpecs(operand, name, ['vars', 'in'], []);
		const vars = specs.get('vars');
		if (!isDoc(vars)) throw failedToParse('invalid parameter: expected an object (vars)');
		const cells = Array.from(vars, ([variable, spec]) => {
			if (variable !== 'CURRENT' && !/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(variable)) {
				throw failedToParse(`'${variable}' starts with an invalid character for a user variable name`);
			}
			return { variable, evaluate: env.compile(spec, env), cell: { value: undefined as Value | undefined } };
		});
		const inner = {
			...env,
			variables: new Map([...env.variables, ...cells.map(({ variable, cell }) => [variable, cell] as const)])
		};
		const body = env.compile(specs.get('in') as Value, inner);
		return (root) => {
			const values = cells.map(({ evaluate }) => evaluate(root));
			cells.forEach(({ cell }, index) => (cell.value = values[index]));
			return body(root);
		};
	}
};
