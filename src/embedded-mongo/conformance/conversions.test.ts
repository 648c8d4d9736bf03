/** Conversions of numbers and texts, and decimals at the ends of their range, through the official driver. */
import { Decimal128, Double, Long } from 'bson';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness();
});
afterAll(() => h.stop());

async function evaluated(expression: Document): Promise<unknown> {
	const [made] = await h.db.aggregate([{ $documents: [{}] }, { $replaceWith: { v: expression } }]).toArray();
	return made?.['v'];
}
const refused = (expression: Document, code: number, message: string) =>
	expect(evaluated(expression)).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
const dec = (text: string) => ({ $literal: Decimal128.fromString(text) });

describe('text to numbers', () => {
	it.each([
		['0X2a', 42],
		['-0x1F', -31],
		['+0x8p1', 16],
		['2.5e2', 250],
		['.5', 0.5],
		['Infinity', Infinity],
		['-inf', -Infinity]
	])('reads %j as a double', async (text, number) => {
		expect(await evaluated({ $toDouble: text })).toBe(number);
	});
	it.each([
		['0x2a', 'Illegal hexadecimal input in $convert with no onError value: 0x2a'],
		[' 1', 'Leading whitespace'],
		['1 ', 'Did not consume whole string.'],
		['2_000', 'Did not consume whole string.'],
		['many', 'Did not consume any digits'],
		['1e999', 'Out of range'],
		['', 'Empty string']
	])('refuses %j as a double', (text, reason) => refused({ $toDouble: text }, 241, reason));
	it.each([
		['0X2a', 'Did not consume whole string.'],
		['', 'No digits'],
		['-2147483649', 'Overflow']
	])('refuses %j as an int', (text, reason) => refused({ $toInt: text }, 241, reason));
	it('tells a wrong character of an ObjectId from a wrong length', async () => {
		await refused({ $toObjectId: `${'0'.repeat(23)}g` }, 241, 'Invalid character found in hex string: g');
		await refused({ $toObjectId: '0'.repeat(23) }, 241, 'expected 24 but found 23');
	});
});

describe('numbers that do not fit', () => {
	it.each<[string, Document, string]>([
		['a double', { $toInt: new Double(2.5e10) }, 'with no onError value: 2.5e+10'],
		['a decimal', { $toInt: dec('3E+9') }, 'with no onError value: 3E+9'],
		['a long', { $toInt: Long.fromString('2147483648') }, 'with no onError value: '],
		['a large decimal', { $toDouble: dec('1E+309') }, 'Conversion would overflow target type'],
		['a small decimal', { $toDouble: dec('1E-310') }, 'Conversion would overflow target type'],
		['NaN', { $toLong: NaN }, 'Attempt to convert NaN value to integer type'],
		['infinity', { $toLong: Infinity }, 'Attempt to convert infinity value to integer type']
	])('%s', (_, expression, message) => refused(expression, 241, message));
	it('refuses places that are none', async () => {
		await refused({ $round: [1.5, 'x'] }, 16004, "can't convert from BSON type string to long");
		await refused({ $round: [1.5, NaN] }, 31109, "Can't coerce out of range value nan to long");
		await refused({ $trunc: [1.5, Long.fromNumber(2 ** 40)] }, 51082, 'must be a integral value');
		await refused({ $trunc: [1.5, 101] }, 51083, 'cannot apply $trunc with precision value 101');
	});
	it('names the long that an increment cannot pass', async () => {
		const c = h.fresh();
		await c.insertOne({ _id: 1, n: Long.MAX_VALUE } as never);
		await expect(c.updateOne({}, { $inc: { n: 1 } })).rejects.toMatchObject({
			code: 2,
			message:
				'Failed to apply $inc operations to current value ((NumberLong)9223372036854775807) for document {_id: 1}'
		});
	});
});

describe('decimals', () => {
	it.each<[string, Document, string]>([
		['an exact root', { $sqrt: dec('12.25') }, '3.5'],
		['a root of 34 digits', { $sqrt: dec('3') }, '1.732050807568877293527446341505872'],
		['the root of the smallest', { $sqrt: dec('1E-6176') }, '1E-3088'],
		['radians', { $degreesToRadians: dec('90') }, '1.570796326794896619231321691639752'],
		['degrees', { $radiansToDegrees: dec('2') }, '114.5915590261646417535963096282103'],
		['a floor written out', { $floor: dec('12E+3') }, '12000'],
		['a ceiling that takes too many digits', { $ceil: dec('1E+40') }, 'NaN'],
		['a rounding that does not', { $round: dec('1E+40') }, '1E+40']
	])('%s', async (_, expression, text) => {
		expect(String(await evaluated(expression))).toBe(text);
	});
	it('are not zero because a double would be', async () => {
		expect(await evaluated({ $toBool: dec('1E-5000') })).toBe(true);
		expect(await evaluated({ $cond: [dec('0E-5000'), 1, 2] })).toBe(2);
		expect(String(await evaluated({ $divide: [dec('1E-5000'), dec('1E-5000')] }))).toBe('1');
		await refused({ $divide: [dec('1'), dec('0E-10')] }, 2, "can't $divide by zero");
	});
});
