import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestAwardSet, bestByRank, type Candidate, type Quota } from '#lib/domain/judging/award-set.ts';
import { solveBinary } from '#lib/server/platform/integer-programme.ts';

/** Tries every set: the first by rank among those that keep fund and quotas. */
const oracle = (candidates: readonly Candidate[], fund: number, quotas: readonly Quota[]): string[] | null => {
	const order = [...candidates].sort((a, b) => a.rank - b.rank);
	let best: { word: string; set: string[] } | null = null;
	for (let mask = 0; mask < 2 ** order.length; mask += 1) {
		const chosen = order.filter((_, at) => (mask >> at) & 1);
		if (chosen.reduce((sum, { amount }) => sum + amount, 0) > fund) continue;
		const kept = quotas.every(({ members, min, max }) => {
			const n = chosen.filter(({ proposal }) => members.has(proposal)).length;
			return n >= (min ?? 0) && n <= (max ?? Infinity);
		});
		const word = order.map((one) => (chosen.includes(one) ? '1' : '0')).join('');
		if (kept && (!best || word > best.word)) best = { word, set: chosen.map(({ proposal }) => proposal) };
	}
	return best?.set ?? null;
};

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const problems = fc
	.integer({ min: 1, max: ids.length })
	.chain((n) =>
		fc.record({
			amounts: fc.array(fc.integer({ min: 1, max: 30 }).map((yuan) => yuan * 10_000), { minLength: n, maxLength: n }),
			fund: fc.integer({ min: 0, max: 150 }).map((yuan) => yuan * 10_000 + 37),
			quotas: fc.array(
				fc.record({
					members: fc.subarray(ids.slice(0, n)),
					min: fc.option(fc.integer({ min: 0, max: 4 })),
					max: fc.option(fc.integer({ min: 0, max: 4 }))
				}),
				{ maxLength: 4 }
			)
		})
	)
	.map(({ amounts, fund, quotas }) => ({
		candidates: amounts.map((amount, at): Candidate => ({ proposal: ids[at] ?? '', rank: at + 1, amount })),
		fund,
		quotas: quotas.map(({ members, min, max }, at): Quota => ({ key: `q${at}`, members: new Set(members), min, max }))
	}));

describe('the best set of awards', () => {
	test('is the one trying every set finds, and a contradiction is one without spare parts', async () => {
		await fc.assert(
			fc.asyncProperty(problems, async ({ candidates, fund, quotas }) => {
				const found = await bestAwardSet(candidates, fund, quotas, solveBinary);
				expect(found.funded).toEqual(oracle(candidates, fund, quotas));
				if (found.impossible === null) {
					expect(found.spent).toBeLessThanOrEqual(fund);
					expect(found.base).toEqual(oracle(candidates, fund, []));
					for (const { proposal, to } of found.moves) expect([found.base.includes(proposal), to]).toEqual([to === 'out', found.funded.includes(proposal) ? 'in' : 'out']);
					return;
				}
				const blamed = quotas.filter(({ key }) => found.impossible.quotas.includes(key));
				expect(oracle(candidates, fund, blamed)).toBeNull();
				for (const one of blamed) expect(oracle(candidates, fund, blamed.filter((other) => other !== one))).not.toBeNull();
			}),
			{ numRuns: 250 }
		);
	});

	const four: Candidate[] = [
		{ proposal: 'a', rank: 1, amount: 30_000 },
		{ proposal: 'b', rank: 2, amount: 30_000 },
		{ proposal: 'c', rank: 3, amount: 50_000 },
		{ proposal: 'd', rank: 4, amount: 30_000 }
	];
	const quota = (key: string, members: string[], min: number | null, max: number | null): Quota => ({ key, members: new Set(members), min, max });

	test('goes by rank and fills what is left', () => {
		expect(bestByRank(four, 100_000)).toEqual(['a', 'b', 'd']);
		expect(bestByRank(four, 110_000)).toEqual(['a', 'b', 'c']);
	});

	test('says which quota moved what', async () => {
		const found = await bestAwardSet(four, 90_000, [quota('east', ['c', 'd'], 1, null), quota('west', ['a', 'b'], null, 1)], solveBinary);
		expect(found).toMatchObject({
			funded: ['a', 'c'],
			spent: 80_000,
			base: ['a', 'b', 'd'],
			moves: [
				{ proposal: 'b', to: 'out', because: ['west'] },
				{ proposal: 'c', to: 'in', because: ['west'] },
				{ proposal: 'd', to: 'out', because: ['west'] }
			]
		});
	});

	test('explains what cannot be', async () => {
		const impossible = async (...quotas: Quota[]) => (await bestAwardSet(four, 60_000, quotas, solveBinary)).impossible;
		expect(await impossible(quota('q', ['a'], 2, 1))).toEqual({ why: 'bounds', quotas: ['q'] });
		expect(await impossible(quota('q', ['a'], 2, null))).toEqual({ why: 'too_few', quotas: ['q'], have: 1, need: 2 });
		expect(await impossible(quota('q', ['a', 'c'], 2, null))).toEqual({ why: 'too_dear', quotas: ['q'], cost: 80_000, fund: 60_000 });
		expect(await impossible(quota('x', ['b'], 1, null), quota('y', ['c'], 1, null), quota('z', ['d'], null, 1))).toEqual({ why: 'together', quotas: ['x', 'y'] });
	});

	test('answers for a thousand proposals', async () => {
		const many = Array.from({ length: 1000 }, (_, at): Candidate => ({ proposal: String(at), rank: at + 1, amount: 100_000 + ((at * 7919) % 400) * 5000 }));
		const started = process.cpuUsage();
		const found = await bestAwardSet(many, 300_000_000, [quota('late', many.slice(800).map(({ proposal }) => proposal), 20, null)], solveBinary);
		expect(found.funded?.filter((proposal) => Number(proposal) >= 800)).toHaveLength(20);
		// Processor time, in microseconds: others may be at work on the machine.
		expect(process.cpuUsage(started).user).toBeLessThan(30_000_000);
	});
});
