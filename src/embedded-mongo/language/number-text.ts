import { Decimal128, Int32, Long } from '../bson/values.ts';
import { toDouble } from './numbers.ts';
import type { Numeric } from './numbers.ts';

/** A number as `$toString` writes it. */
export function numberText(value: Numeric): string {
	if (value instanceof Int32) return String(value.value);
	if (value instanceof Long || value instanceof Decimal128) return value.toString();
	const double = toDouble(value);
	return Object.is(double, -0) ? '-0' : String(double);
}
