import type { Doc, Maybe, Value } from '../../bson/values.ts';
import type { Collation } from '../collation.ts';

/** A compiled expression: the value for one document, `undefined` for a missing one. */
export type Eval = (root: Doc) => Maybe;

/**
 * A variable's place. Evaluation is synchronous and never re-enters an expression, so `$let`, `$map` and `$lookup`
 * simply write the value before they evaluate what refers to it.
 */
export type Cell = { value: Maybe };

/** What expressions are compiled against. */
export type ExpressionEnv = {
	variables: ReadonlyMap<string, Cell>;
	collation?: Collation;
	/** The value of `$$NOW`. */
	now: Date;
	/** Compiles a nested expression; here so that operator tables need not import the compiler that imports them. */
	compile(spec: Value, env: ExpressionEnv): Eval;
};

/** Compiles one operator's operand. */
export type Operator = (operand: Value, env: ExpressionEnv, name: string) => Eval;
export type OperatorTable = Record<string, Operator>;

/** The environment with further variables. */
export function withVariables(env: ExpressionEnv, cells: Iterable<readonly [string, Cell]>): ExpressionEnv {
	return { ...env, variables: new Map([...env.variables, ...cells]) };
}
