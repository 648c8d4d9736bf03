import { isDoc, T, typeName, typeOf } from '../../bson/values.ts';
import type { Maybe, Value } from '../../bson/values.ts';
import { failedToParse, storeError } from '../errors.ts';
import { isNumeric, toSafeInteger } from '../numbers.ts';
import { show } from '../show.ts';
import type { Eval, ExpressionEnv, Operator } from './env.ts';

/** Null, BSON undefined or missing: most operators answer null to any of these. */
export function isNullish(value: Maybe): value is null | undefined {
	if (value === null || value === undefined) return true;
	return typeof value === 'object' && typeOf(value) === T.undefined;
}

/** Compiles positional arguments and checks how many there are. A single argument needs no array around it. */
export function compileArguments(
	operand: Value,
	env: ExpressionEnv,
	name: string,
	least: number,
	most = least
): Eval[] {
	const specs = Array.isArray(operand) ? operand : [operand];
	const count = specs.length;
	if (least === most && count !== least) {
		throw storeError(16020, `Expression ${name} takes exactly ${least} arguments. ${count} were passed in.`);
	}
	if (count < least || count > most) {
		throw storeError(
			28667,
			`Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${count} were passed in.`
		);
	}
	return specs.map((spec) => env.compile(spec, env));
}

type Fn1 = (a: Maybe, env: ExpressionEnv, name: string) => Maybe;
type Fn2 = (a: Maybe, b: Maybe, env: ExpressionEnv, name: string) => Maybe;
type FnN = (values: Maybe[], env: ExpressionEnv, name: string) => Maybe;

export function unary(fn: Fn1): Operator {
	return (operand, env, name) => {
		const [a] = compileArguments(operand, env, name, 1) as [Eval];
		return (root) => fn(a(root), env, name);
	};
}

/** One argument; null in gives null out. */
export function unaryOrNull(fn: (a: Value, env: ExpressionEnv, name: string) => Maybe): Operator {
	return unary((value, env, name) => (isNullish(value) ? null : fn(value, env, name)));
}

export function binary(fn: Fn2): Operator {
	return (operand, env, name) => {
		const [a, b] = compileArguments(operand, env, name, 2) as [Eval, Eval];
		return (root) => fn(a(root), b(root), env, name);
	};
}

export function variadic(fn: FnN, least = 0, most = Infinity): Operator {
	return (operand, env, name) => {
		const evals = compileArguments(operand, env, name, least, most);
		return (root) =>
			fn(
				evals.map((evaluate) => evaluate(root)),
				env,
				name
			);
	};
}

/** Compiles an object of named arguments; unknown and missing names are refused. */
export function compileNamed<const Required extends string, const Optional extends string = never>(
	operand: Value,
	env: ExpressionEnv,
	name: string,
	required: readonly Required[],
	optional: readonly Optional[] = []
): Record<Required, Eval> & Partial<Record<Optional, Eval>> {
	const specs = namedSpecs(operand, name, required, optional);
	const made: Partial<Record<Required | Optional, Eval>> = {};
	for (const [key, spec] of specs) made[key] = env.compile(spec, env);
	return made as Record<Required, Eval> & Partial<Record<Optional, Eval>>;
}

/** The same, uncompiled. */
export function namedSpecs<Required extends string, Optional extends string>(
	operand: Value,
	name: string,
	required: readonly Required[],
	optional: readonly Optional[]
): Map<Required | Optional, Value> {
	if (!isDoc(operand))
		throw failedToParse(`${name} only supports an object as its argument, found: ${typeName(operand)}`);
	const known: readonly string[] = [...required, ...optional];
	for (const key of operand.keys()) {
		if (!known.includes(key)) throw failedToParse(`Unrecognized argument to ${name}: ${key}`);
	}
	for (const key of required) {
		if (!operand.has(key)) throw failedToParse(`Missing '${key}' parameter to ${name}`);
	}
	return operand as Map<Required | Optional, Value>;
}

/** MongoDB refuses the wrong type in many words; `refusal` is all up to the name of the type that was given. */
export function requireString(value: Maybe, code: number, refusal: string): string {
	if (typeof value !== 'string') throw storeError(code, `${refusal} ${typeName(value)}`);
	return value;
}

export function requireArray(value: Maybe, code: number, refusal: string): Value[] {
	if (!Array.isArray(value)) throw storeError(code, `${refusal} ${typeName(value)}`);
	return value;
}

/** A whole number within JavaScript's safe range. */
export function requireInteger(value: Maybe, code: number, what: string): number {
	const number = isNumeric(value) ? toSafeInteger(value) : null;
	if (number === null) throw storeError(code, `${what} must be representable as a 32-bit integer: ${show(value)}`);
	return number;
}
