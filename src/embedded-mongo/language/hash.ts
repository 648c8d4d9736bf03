import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { encode } from '../bson/codec.ts';
import { isDoc, Long } from '../bson/values.ts';
import type { Maybe, Value } from '../bson/values.ts';
import { rankOf } from './compare.ts';
import { isNumeric, toDouble, toWhole } from './numbers.ts';

function int(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32LE(value);
	return bytes;
}

/** Numbers hash by their whole part, so that equal numbers of different types share a key. */
function numberBytes(value: Value): Buffer {
	const bytes = Buffer.alloc(8);
	if (!isNumeric(value)) return bytes;
	const double = toDouble(value);
	const whole = toWhole(value) ?? (Number.isFinite(double) ? BigInt(Math.trunc(double)) : 0n);
	const limit = 2n ** 63n;
	bytes.writeBigInt64LE(whole >= limit ? limit - 1n : whole < -limit ? -limit : whole);
	return bytes;
}

function feed(hash: Hash, value: Value, name?: string): void {
	hash.update(int(rankOf(value)));
	if (name !== undefined) hash.update(`${name}\0`);
	if (isNumeric(value)) hash.update(numberBytes(value));
	else if (isDoc(value) || Array.isArray(value)) {
		const fields = isDoc(value) ? value : value.map((item, index): [string, Value] => [String(index), item]);
		for (const [key, item] of fields) feed(hash, item, key);
		hash.update(int(0));
	} else hash.update(encode(new Map([['', value]])).subarray(6, -1));
}

/** The 64-bit key of a hashed index: the start of an MD5 over type and content, seed 0. Missing counts as null. */
export function hashedKey(value: Maybe): Long {
	const hash = createHash('md5').update(int(0));
	feed(hash, value ?? null);
	return Long.fromBigInt(hash.digest().readBigInt64LE(0));
}
