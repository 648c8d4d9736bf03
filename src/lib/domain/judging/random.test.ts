import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, drawOrder, hash32, lotNumber } from '#lib/domain/judging/random.ts';

describe('hash', () => {
	it.each([
		['', 0, 0],
		['', 1, 0x514e28b7],
		['', 0xffffffff, 0x81f16f39],
		['test', 0, 0xba6bd213],
		['Hello, world!', 0, 0xc0363e43],
		['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723]
	])('matches the published value for %j under seed %d', (text, seed, expected) => {
		expect(hash32(text, seed)).toBe(expected);
	});
});

describe('stream', () => {
	it('is the same for the same seed and differs for another', () => {
		const take = (seed: string) => Array.from({ length: 5 }, createRandom(seed).uint32);
		expect(take('春天')).toEqual(take('春天'));
		expect(take('春天')).not.toEqual(take('春大'));
	});

	it('never changes between releases, or old draws could not be checked', () => {
		const random = createRandom('2026-spring');
		expect([random.uint32(), random.uint32(), random.below(100)]).toMatchInlineSnapshot(`
			[
			  1338055190,
			  4225137943,
			  84,
			]
		`);
		expect(lotNumber('2026-spring', 'P-001')).toMatchInlineSnapshot(`4402260202453861`);
	});

	it('is uniform and normal in the large', () => {
		const random = createRandom('moments');
		const n = 200_000;
		const cells = new Array<number>(10).fill(0);
		let total = 0;
		let squares = 0;
		let cubes = 0;
		for (let i = 0; i < n; i++) {
			const cell = random.below(10);
			cells[cell] = (cells[cell] ?? 0) + 1;
			const z = random.normal();
			total += z;
			squares += z * z;
			cubes += z ** 3;
		}
		const chi = cells.reduce((sum, count) => sum + (count - n / 10) ** 2 / (n / 10), 0);
		expect(chi).toBeLessThan(27.9); // 0.1% point of chi-square with 9 degrees of freedom
		expect(Math.abs(total / n)).toBeLessThan(0.01);
		expect(squares / n).toBeCloseTo(1, 1);
		expect(Math.abs(cubes / n)).toBeLessThan(0.05);
	});

	it('refuses a bound it cannot serve', () => {
		expect(() => createRandom('x').below(0)).toThrow(RangeError);
		expect(() => createRandom('x').below(1.5)).toThrow(RangeError);
	});
});

describe('drawing lots', () => {
	it('does not depend on the order of entry', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.string(), { maxLength: 20 }), fc.string(), (ids, seed) => {
				expect(drawOrder(seed, [...ids].reverse())).toEqual(drawOrder(seed, ids));
				expect([...drawOrder(seed, ids)].sort()).toEqual([...ids].sort());
			})
		);
	});

	it('gives everybody each place equally often', () => {
		const first = { a: 0, b: 0, c: 0 };
		for (let seed = 0; seed < 3000; seed++) {
			const [winner] = drawOrder(String(seed), ['a', 'b', 'c']);
			first[winner as keyof typeof first]++;
		}
		for (const count of Object.values(first)) expect(Math.abs(count - 1000)).toBeLessThan(120);
	});
});
