import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearScale, niceTicks, polarPoint, stackDots } from './geometry.ts';

describe('linearScale', () => {
	it('maps the ends of the domain to the ends of the range', () => {
		const scale = linearScale([1, 5], [100, 20]);
		expect([scale(1), scale(3), scale(5)]).toEqual([100, 60, 20]);
	});
	it('puts everything in the middle when all values are the same', () => {
		expect(linearScale([3, 3], [0, 10])(3)).toBe(5);
	});
});

describe('niceTicks', () => {
	it('covers the range with round, growing steps', () => {
		fc.assert(
			fc.property(fc.integer({ min: -10_000, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }), (low, width) => {
				const ticks = niceTicks(low, low + width);
				expect(ticks[0]).toBeLessThanOrEqual(low);
				expect(ticks.at(-1)).toBeGreaterThanOrEqual(low + width);
				expect(ticks.length).toBeLessThanOrEqual(7);
				ticks.forEach((tick, index) => index > 0 && expect(tick).toBeGreaterThan(ticks[index - 1] ?? Infinity));
			})
		);
	});
	it('gives 0 to 100 in twenties and fives where people expect them', () => {
		expect(niceTicks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
		expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
	});
});

describe('polarPoint', () => {
	it('starts at the top and goes clockwise', () => {
		expect(polarPoint([50, 50], 10, 0)).toEqual([50, 40]);
		expect(polarPoint([50, 50], 10, 0.25)).toEqual([60, 50]);
	});
});

describe('stackDots', () => {
	it('never lets two dots of one level overlap', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 }), (positions) => {
				const dots = stackDots(positions, 10);
				expect(dots.map((dot) => dot.position)).toEqual([...positions].sort((a, b) => a - b));
				for (const a of dots)
					for (const b of dots)
						if (a !== b && a.level === b.level) expect(Math.abs(a.position - b.position)).toBeGreaterThanOrEqual(10);
			})
		);
	});
});
