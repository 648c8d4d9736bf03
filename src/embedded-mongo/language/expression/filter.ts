import type { Doc, Value } from '../../bson/values.ts';
import { isTruthy } from '../predicates/element.ts';
import { compileExpression, expressionEnv } from './compile.ts';
import type { ExpressionOptions } from './compile.ts';

/** `$expr`: an expression as a condition. */
export function compileExpressionFilter(operand: Value, options: ExpressionOptions): (doc: Doc) => boolean {
	const evaluate = compileExpression(operand, expressionEnv(options));
	return (doc) => isTruthy(evaluate(doc));
}
