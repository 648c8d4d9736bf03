import type { Doc, Maybe, Value } from '../../../bson/values.ts';
import { failedToParse, storeError } from '../../errors.ts';
import { toSafeInteger } from '../../numbers.ts';
import { isTruthy } from '../../predicates/element.ts';
import { show } from '../../show.ts';
import { isNullish, namedSpecs, requireArray } from '../arguments.ts';
import { withVariables } from '../env.ts';
import type { Cell, Eval, OperatorTable } from '../env.ts';

/** The variable name an operator binds each element to. */
function variableName(value: Maybe, fallback: string): string {
	if (value === undefined) return fallback;
	if (typeof value !== 'string' || !/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(value)) {
		throw failedToParse(`'${String(value)}' starts with an invalid character for a user variable name`);
	}
	return value;
}

export const HIGHER_ORDER: OperatorTable = {
	$map(operand, env, name) {
		const specs = namedSpecs(operand, name, ['input', 'in'], ['as']);
		const cell: Cell = { value: undefined };
		const input = env.compile(specs.get('input') as Value, env);
		const inner = withVariables(env, [[variableName(specs.get('as'), 'this'), cell]]);
		const body = env.compile(specs.get('in') as Value, inner);
		return (root) => {
			const items = input(root);
			if (isNullish(items)) return null;
			return requireArray(items, 16883, 'input to $map must be an array not').map((item) => {
				cell.value = item;
				return body(root) ?? null;
			});
		};
	},
	$filter(operand, env, name) {
		const specs = namedSpecs(operand, name, ['input', 'cond'], ['as', 'limit']);
		const cell: Cell = { value: undefined };
		const input = env.compile(specs.get('input') as Value, env);
		const inner = withVariables(env, [[variableName(specs.get('as'), 'this'), cell]]);
		const test = env.compile(specs.get('cond') as Value, inner);
		const limitSpec = specs.get('limit');
		const limit = limitSpec === undefined ? undefined : env.compile(limitSpec, env);
		return (root) => {
			const items = input(root);
			if (isNullish(items)) return null;
			const list = requireArray(items, 28651, 'input to $filter must be an array not');
			const most = filterLimit(limit, root);
			const kept: Value[] = [];
			for (const item of list) {
				if (kept.length >= most) break;
				cell.value = item;
				if (isTruthy(test(root))) kept.push(item);
			}
			return kept;
		};
	},
	$reduce(operand, env, name) {
		const specs = namedSpecs(operand, name, ['input', 'initialValue', 'in'], []);
		const [item, sofar]: [Cell, Cell] = [{ value: undefined }, { value: undefined }];
		const input = env.compile(specs.get('input') as Value, env);
		const initial = env.compile(specs.get('initialValue') as Value, env);
		const inner = withVariables(env, [
			['this', item],
			['value', sofar]
		]);
		const body = env.compile(specs.get('in') as Value, inner);
		return (root) => {
			const items = input(root);
			if (isNullish(items)) return null;
			if (!Array.isArray(items)) {
				throw storeError(40080, `$reduce requires that 'input' be an array, found: ${show(items)}`);
			}
			let result = initial(root);
			for (const element of items) {
				item.value = element;
				sofar.value = result;
				result = body(root);
			}
			return result;
		};
	}
};

function filterLimit(limit: Eval | undefined, root: Doc): number {
	const value = limit?.(root);
	if (isNullish(value)) return Infinity;
	const count = toSafeInteger(value);
	if (count === null)
		throw storeError(327391, `$filter: limit must be represented as a 32-bit integral value: ${show(value)}`);
	if (count <= 0) throw storeError(327392, `$filter: limit must be greater than 0: ${count}`);
	return count;
}
