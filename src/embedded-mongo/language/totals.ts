import {
	addDecimals,
	decimalFromBigInt,
	decimalFromDouble,
	divideDecimals,
	readDecimal,
	writeDecimal
} from '../bson/decimal.ts';
import type { Decimal } from '../bson/decimal.ts';
import { Decimal128, Int32, Long, T, typeOf } from '../bson/values.ts';
import type { Maybe, Value } from '../bson/values.ts';
import type { Collation } from './collation.ts';
import { compareValues } from './compare.ts';
import { fitsLong, isNumeric, narrowest, toDouble } from './numbers.ts';

/** A running total; values it cannot use are ignored. */
export type Total = { add(value: Maybe): void; result(): Maybe };

/** A sum that keeps integers exact, doubles to twice their precision, and decimals apart. */
function exactSum() {
	let integers = 0n;
	let small = 0;
	let high = 0;
	let low = 0;
	let special = 0;
	let decimal: Decimal = decimalFromBigInt(0n);
	let widest: 'int' | 'long' | 'double' | 'decimal' = 'int';
	let count = 0;
	const flush = () => {
		integers += BigInt(small);
		small = 0;
	};
	const addDouble = (value: number) => {
		special += value;
		const sum = high + value;
		const part = sum - high;
		low += high - (sum - part) + (value - part);
		high = sum;
	};
	const doubles = () => (Number.isFinite(special) || Number.isFinite(high + low) ? high + low : special);
	return {
		add(value: Maybe): void {
			if (value instanceof Int32) {
				small += value.value;
				if (small > 2 ** 52 || small < -(2 ** 52)) flush();
			} else if (!isNumeric(value)) return;
			else if (value instanceof Long) {
				integers += value.toBigInt();
				if (widest === 'int') widest = 'long';
			} else if (value instanceof Decimal128) {
				decimal = readDecimal(writeDecimal(addDecimals(decimal, readDecimal(value))));
				widest = 'decimal';
			} else {
				addDouble(toDouble(value));
				if (widest !== 'decimal') widest = 'double';
			}
			count++;
		},
		count: () => count,
		isDecimal: () => widest === 'decimal',
		decimal(): Decimal {
			flush();
			return addDecimals(addDecimals(decimal, decimalFromBigInt(integers)), decimalFromDouble(doubles()));
		},
		double(): number {
			flush();
			return Number(integers) + doubles();
		},
		value(): Value {
			if (widest === 'decimal') return writeDecimal(this.decimal());
			if (widest === 'double') return this.double();
			flush();
			if (!fitsLong(integers)) return Number(integers);
			return widest === 'int' ? (narrowest(integers) ?? Number(integers)) : Long.fromBigInt(integers);
		}
	};
}

export function sumTotal(): Total {
	const sum = exactSum();
	return { add: sum.add, result: () => sum.value() };
}

export function averageTotal(): Total {
	const sum = exactSum();
	return {
		add: sum.add,
		result() {
			if (sum.count() === 0) return null;
			if (sum.isDecimal()) return writeDecimal(divideDecimals(sum.decimal(), decimalFromBigInt(BigInt(sum.count()))));
			return sum.double() / sum.count();
		}
	};
}

/** Welford's method, over the numbers as doubles. */
export function standardDeviation(sample: boolean): Total {
	let count = 0;
	let mean = 0;
	let squares = 0;
	return {
		add(value) {
			if (!isNumeric(value)) return;
			const number = toDouble(value);
			count++;
			const delta = number - mean;
			mean += delta / count;
			squares += delta * (number - mean);
		},
		result() {
			const divisor = sample ? count - 1 : count;
			return divisor <= 0 ? null : Math.sqrt(squares / divisor);
		}
	};
}

function isAbsent(value: Maybe): boolean {
	const type = typeOf(value);
	return type === T.missing || type === T.null || type === T.undefined;
}

function extreme(values: Iterable<Maybe>, sign: 1 | -1, collation?: Collation): Value {
	let best: Value = null;
	let found = false;
	for (const value of values) {
		if (isAbsent(value)) continue;
		if (!found || compareValues(value, best, collation) * sign > 0) best = value as Value;
		found = true;
	}
	return best;
}

/** The smallest value other than null; null if there is none. */
export function minimum(values: Iterable<Maybe>, collation?: Collation): Value {
	return extreme(values, -1, collation);
}

export function maximum(values: Iterable<Maybe>, collation?: Collation): Value {
	return extreme(values, 1, collation);
}

/** Discrete percentiles: for each point the smallest number that at least that share of all numbers does not exceed. */
export function percentiles(values: Iterable<Maybe>, points: number[]): Value[] {
	const numbers: number[] = [];
	for (const value of values) if (isNumeric(value)) numbers.push(toDouble(value));
	numbers.sort((a, b) => a - b);
	return points.map((p) => numbers[Math.max(0, Math.ceil(p * numbers.length) - 1)] ?? null);
}
