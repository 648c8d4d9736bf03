import type { OperatorTable } from './env.ts';
import { ARITHMETIC, BITS, TRIGONOMETRY } from './operators/arithmetic.ts';
import { ARRAYS } from './operators/array.ts';
import { BINDING, COMPARISON, LOGIC } from './operators/comparison.ts';
import { DATES } from './operators/date.ts';
import { HIGHER_ORDER } from './operators/higher-order.ts';
import { OBJECTS, SETS } from './operators/object.ts';
import { STATISTICS } from './operators/statistics.ts';
import { PATTERNS } from './operators/pattern.ts';
import { STRINGS } from './operators/string.ts';
import { TYPES } from './operators/type.ts';

/** The operator families. */
export const TABLES: OperatorTable[] = [
	ARITHMETIC,
	TRIGONOMETRY,
	BITS,
	COMPARISON,
	LOGIC,
	BINDING,
	ARRAYS,
	HIGHER_ORDER,
	OBJECTS,
	SETS,
	STRINGS,
	PATTERNS,
	DATES,
	TYPES,
	STATISTICS
];
