import type { Doc, Value } from '../../bson/values.ts';
import { storeError } from '../errors.ts';

export function compileExpressionFilter(_operand: Value, _options: { let?: Doc; now?: Date }): (doc: Doc) => boolean {
	throw storeError('InvalidPipelineOperator', 'Unrecognized expression');
}
