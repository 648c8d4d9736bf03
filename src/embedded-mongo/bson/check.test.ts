import { BSONRegExp, Binary, Code, Decimal128, Long, ObjectId, serialize, Timestamp } from 'bson';
import { expect, it } from 'vitest';
import { hostileFrames, nested, random } from '../wire/hostile-frames.ts';
import { checkDocument } from './check.ts';
import { decode } from './codec.ts';

const passes = (run: () => unknown): boolean => {
	try {
		run();
		return true;
	} catch {
		return false;
	}
};

it('takes what decoding takes, and refuses what it refuses', () => {
	const next = random(7);
	const honest = [
		{ a: 1, text: 'ascii', long: '社区'.repeat(40), é: { b: [1, [2, { c: null }]] }, d: new Date(0), t: true },
		{ l: Long.MAX_VALUE, o: new ObjectId(), n: Decimal128.fromString('1'), s: new Timestamp({ t: 1, i: 1 }), b: new Binary(Buffer.from('abc'), 2) },
		{ r: new BSONRegExp('a', 'i'), c: new Code('x', { y: { z: 'w' } }), u: new Binary(Buffer.alloc(16), 4), ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, i])) }
	].map((document) => Buffer.from(serialize(document)));
	let taken = 0;
	for (let i = 0; i < 30_000; i++) {
		const bytes = Buffer.from(honest[i % honest.length] as Buffer);
		for (let changes = Math.floor(next() * 3); changes > 0; changes--) bytes[Math.floor(next() * bytes.length)] = next() < 0.5 ? 0xc3 : Math.floor(next() * 256);
		// `decode` leaves bytes after the document alone.
		const whole = bytes.readInt32LE(0) === bytes.length;
		const decodes = whole && passes(() => decode(bytes));
		if (passes(() => checkDocument(bytes)) !== decodes) expect.fail(`${decodes ? 'decodes' : 'does not decode'}: ${bytes.toString('hex')}`);
		if (decodes) taken++;
	}
	expect(taken).toBeGreaterThan(1000);
	expect(taken).toBeLessThan(29_000);
	const make = hostileFrames(next);
	for (let i = 0; i < 5000; i++) {
		const body = make().bytes.subarray(21);
		if (body.length < 5 || body.readInt32LE(0) !== body.length) continue;
		expect(passes(() => checkDocument(body))).toBe(passes(() => decode(body)));
	}
});

it('refuses repeated names, bad text and deep nesting', () => {
	const twice = Buffer.from(serialize({ a: 1, b: 2 }));
	twice[twice.indexOf('b')] = 'a'.charCodeAt(0);
	expect(() => checkDocument(twice)).toThrow(/appears twice/);
	const text = Buffer.from(serialize({ a: 'xy' }));
	text[text.indexOf('xy')] = 0xff;
	expect(() => checkDocument(text)).toThrow(/UTF-8/);
	expect(() => checkDocument(nested(199))).not.toThrow();
	expect(() => checkDocument(nested(201))).toThrow(/nesting/);
});
