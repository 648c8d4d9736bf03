import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohortsOf, maturityCells } from './cohorts.ts';
import { overallLevel, type Levels } from './maturity.ts';
import { categories, dimensions, statuses } from './terms.ts';

const levels = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 7, maxLength: 7 }).map(
	(values) => Object.fromEntries(dimensions.map((key, index) => [key, values[index] ?? 1])) as Levels
);
const organization = fc.record({
	category: fc.constantFrom(...categories),
	communities: fc.uniqueArray(fc.constantFrom('east', 'west', 'south'), { maxLength: 2 }),
	foundedOn: fc.constantFrom('', '2023-05-01', '2024-01-01'),
	status: fc.constantFrom(...statuses),
	maturity: fc.option(levels, { nil: null }).map((own) => ({ station: own && { levels: own, overall: overallLevel(own).overall } }))
});

describe('cohorts', () => {
	it('count everybody under way once, in the level they are in, and mean what their members mean', () => {
		fc.assert(
			fc.property(fc.array(organization, { maxLength: 30 }), (all) => {
				const active = all.filter(({ status }) => status === 'incubating' || status === 'graduated');
				const [whole] = cohortsOf(maturityCells(all), () => ['all']);
				expect(whole?.count ?? 0).toBe(active.length);
				expect((whole?.bands ?? []).reduce((sum, count) => sum + count, 0)).toBe(active.length);
				const assessed = active.flatMap(({ maturity }) => (maturity.station ? [maturity.station] : []));
				expect(whole?.assessed ?? 0).toBe(assessed.length);
				if (assessed.length > 0) {
					const mean = assessed.reduce((sum, { overall }) => sum + overall, 0) / assessed.length;
					expect(Math.abs((whole?.mean ?? 0) - mean)).toBeLessThanOrEqual(0.051);
				}
			})
		);
	});
	it('are the same whether stations count apart or together, and in any order', () => {
		fc.assert(
			fc.property(fc.array(organization, { maxLength: 20 }), fc.integer({ min: 0, max: 20 }), (all, cut) => {
				const apart = [...maturityCells(all.slice(cut)), ...maturityCells(all.slice(0, cut))];
				const by = ({ category, year }: { category: string; year: string }) => [`${category} ${year}`];
				expect(cohortsOf(apart, by)).toEqual(cohortsOf(maturityCells(all), by));
			})
		);
	});
	it('count a group that serves two communities in both', () => {
		const one = { category: 'arts' as const, communities: ['east', 'west'], foundedOn: '', status: 'incubating', maturity: { station: null } };
		expect(cohortsOf(maturityCells([one]), ({ communities }) => communities).map(({ key, count, mean }) => [key, count, mean])).toEqual([
			['east', 1, null],
			['west', 1, null]
		]);
	});
});
