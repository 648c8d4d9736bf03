import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	chooseCosts,
	FORBIDDEN,
	perturbation,
	spreadShift,
	type Instance
} from '#lib/domain/judging/assignment/costs.ts';
import { solveFlow, type Flow } from '#lib/domain/judging/assignment/flow.ts';
import { assignJudges, type AssignmentInput, type AssignmentResult } from '#lib/domain/judging/assignment.ts';
import { createRandom } from '#lib/domain/judging/random.ts';

const names = (prefix: string, n: number) =>
	Array.from({ length: n }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`);

/** A random problem; `levels` 0 gives continuous affinities, otherwise that many equal ones. */
function problem(
	seed: string,
	p: number,
	j: number,
	options: { cap?: number; conflicts?: number; levels?: number; reviews?: number } = {}
): AssignmentInput {
	const random = createRandom(seed);
	const { cap = p, conflicts = 0.1, levels = 0, reviews = 3 } = options;
	const proposals = names('P', p);
	const judges = names('J', j).map((id) => ({ id, cap: Math.max(0, cap - random.below(2)) }));
	const pairs = proposals.flatMap((proposal) => judges.map(({ id }) => ({ proposal, judge: id })));
	return {
		proposals,
		judges,
		conflicts: pairs.filter(() => random.float() < conflicts),
		affinity: pairs.map((pair) => ({
			...pair,
			score: levels > 0 ? random.below(levels + 1) / levels : random.float()
		})),
		reviews,
		closeTo: [],
		seed
	};
}

function loads(result: AssignmentResult): number[] {
	return result.load.map(({ n }) => n).sort((a, b) => b - a);
}

function expectConstraints(input: AssignmentInput, result: AssignmentResult): void {
	const seen = new Set<string>();
	const bad = new Set(input.conflicts.map(({ proposal, judge }) => `${proposal}/${judge}`));
	const per = new Map<string, number>();
	for (const { proposal, judge } of result.assignments) {
		const key = `${proposal}/${judge}`;
		expect(seen.has(key)).toBe(false);
		expect(bad.has(key)).toBe(false);
		seen.add(key);
		per.set(proposal, (per.get(proposal) ?? 0) + 1);
		per.set(judge, (per.get(judge) ?? 0) + 1);
	}
	for (const { judge, n, cap } of result.load) {
		expect(n).toBe(per.get(judge) ?? 0);
		expect(n).toBeLessThanOrEqual(cap);
	}
	for (const proposal of input.proposals) {
		const missing = result.unfilled.find((u) => u.proposal === proposal)?.missing ?? 0;
		expect((per.get(proposal) ?? 0) + missing).toBe(input.reviews);
	}
}

/** Tries every assignment: most reviews, then loads least from the largest down, then expertise. */
function bruteForce(input: AssignmentInput): { filled: number; loads: number[]; expertise: number } {
	const bad = new Set(input.conflicts.map(({ proposal, judge }) => `${proposal}/${judge}`));
	const score = new Map(input.affinity.map((a) => [`${a.proposal}/${a.judge}`, a.score]));
	const n = input.judges.length;
	let best = { filled: -1, loads: [] as number[], expertise: 0 };
	const load = new Array<number>(n).fill(0);
	const better = (filled: number, sorted: number[], expertise: number) => {
		if (filled !== best.filled) return filled > best.filled;
		const at = sorted.findIndex((x, i) => x !== best.loads[i]);
		return at >= 0 ? (sorted[at] ?? 0) < (best.loads[at] ?? 0) : expertise > best.expertise + 1e-9;
	};
	const visit = (p: number, filled: number, expertise: number): void => {
		const proposal = input.proposals[p];
		if (proposal === undefined) {
			const sorted = [...load].sort((a, b) => b - a);
			if (better(filled, sorted, expertise)) best = { filled, loads: sorted, expertise };
			return;
		}
		const choose = (j: number, left: number, f: number, e: number): void => {
			if (j === n || left === 0) return visit(p + 1, f, e);
			choose(j + 1, left, f, e);
			const judge = input.judges[j];
			if (!judge || (load[j] ?? 0) >= judge.cap || bad.has(`${proposal}/${judge.id}`)) return;
			load[j] = (load[j] ?? 0) + 1;
			choose(j + 1, left - 1, f + 1, e + (score.get(`${proposal}/${judge.id}`) ?? 0));
			load[j] = (load[j] ?? 0) - 1;
		};
		choose(0, input.reviews, filled, expertise);
	};
	visit(0, 0, 0);
	return best;
}

/** Looks for a cycle of changes that would improve the result, in a residual network built from the result alone. */
function improvingCycle(input: AssignmentInput, result: AssignmentResult): boolean {
	const bad = new Set(input.conflicts.map(({ proposal, judge }) => `${proposal}/${judge}`));
	const has = new Set(result.assignments.map(({ proposal, judge }) => `${proposal}/${judge}`));
	const score = new Map(input.affinity.map((a) => [`${a.proposal}/${a.judge}`, a.score]));
	const judgeNode = new Map(result.load.map(({ judge }, j) => [judge, input.proposals.length + j]));
	const sink = input.proposals.length + result.load.length;
	const LOAD = 1e4;
	const arcs: [number, number, number][] = [];
	for (const [p, proposal] of input.proposals.entries()) {
		for (const { judge } of result.load) {
			const key = `${proposal}/${judge}`;
			const j = judgeNode.get(judge) ?? 0;
			if (has.has(key)) arcs.push([j, p, score.get(key) ?? 0]);
			else if (!bad.has(key)) arcs.push([p, j, -(score.get(key) ?? 0)]);
		}
		const missing = result.unfilled.find((u) => u.proposal === proposal)?.missing ?? 0;
		arcs.push([p, sink, 1e7]);
		if (missing > 0) arcs.push([sink, p, -1e7]);
	}
	for (const { judge, n, cap } of result.load) {
		const j = judgeNode.get(judge) ?? 0;
		if (n < cap) arcs.push([j, sink, LOAD * (n + 1)]);
		if (n > 0) arcs.push([sink, j, -LOAD * n]);
	}
	const distance = new Float64Array(sink + 1);
	for (let pass = 0; pass <= sink + 1; pass++) {
		let changed = false;
		for (const [u, v, cost] of arcs) {
			if ((distance[u] ?? 0) + cost < (distance[v] ?? 0) - 1e-6) {
				distance[v] = (distance[u] ?? 0) + cost;
				changed = true;
			}
		}
		if (!changed) return false;
	}
	return true;
}

describe('against trying everything', () => {
	it.each([0, 1, 2])('is optimal on small problems (%d affinity levels)', (levels) => {
		fc.assert(
			fc.property(
				fc.integer(),
				fc.integer({ min: 1, max: 4 }),
				fc.integer({ min: 1, max: 4 }),
				fc.integer({ min: 1, max: 4 }),
				fc.integer({ min: 1, max: 3 }),
				(seed, p, j, cap, reviews) => {
					const input = problem(String(seed), p, j, { cap, conflicts: 0.3, levels, reviews });
					const result = assignJudges(input);
					const best = bruteForce(input);
					expectConstraints(input, result);
					expect(result.assignments.length).toBe(best.filled);
					expect(loads(result)).toEqual(best.loads);
					expect(result.expertise).toBeCloseTo(best.expertise, 6);
				}
			),
			{ numRuns: 80 }
		);
	});
});

describe('at the size of a competition', () => {
	it.each([
		['plain', { cap: 20 }],
		['many conflicts', { cap: 12, conflicts: 0.6 }],
		['tight caps', { cap: 9, conflicts: 0.2 }],
		['too little room', { cap: 7, conflicts: 0.2 }],
		['equal affinities', { cap: 20, levels: 1 }],
		['nothing but conflicts, nearly', { cap: 20, conflicts: 0.9 }]
	])('leaves no improvement for 60 proposals and 20 judges: %s', (_, options) => {
		for (const seed of ['a', 'b', 'c']) {
			const input = problem(seed, 60, 20, options);
			const result = assignJudges(input);
			expectConstraints(input, result);
			expect(improvingCycle(input, result)).toBe(false);
		}
	});

	it('balances loads to within one where nothing stands against it', () => {
		const result = assignJudges(problem('even', 61, 20, { cap: 30, conflicts: 0.05 }));
		const n = loads(result);
		expect((n[0] ?? 0) - (n.at(-1) ?? 0)).toBeLessThanOrEqual(1);
	});
});

/** No proposal prefers, after price, a judge it lacks to one it has, and loads agree with the prices. */
function reducedCostsHold(instance: Instance, flow: Flow): boolean {
	const { judges, costs } = instance;
	const shift = spreadShift(costs);
	const load = Int32Array.from(instance.load);
	const sink = flow.prices[judges + 1] ?? 0;
	for (let p = 0; p < instance.proposals; p++) {
		const value = (j: number) => {
			if (j === judges) return -(flow.prices[judges] ?? 0);
			const steps = instance.affinity[p * judges + j] ?? FORBIDDEN;
			const noise = perturbation(instance.proposalHash[p] ?? 0, instance.judgeHash[j] ?? 0, shift);
			return steps === FORBIDDEN ? -Infinity : steps * costs.affinity + noise - (flow.prices[j] ?? 0);
		};
		const own = [...flow.chosen.subarray(flow.offsets[p], flow.offsets[p + 1])];
		const least = Math.min(...own.map(value));
		for (const j of own) if (j < judges) load[j] = (load[j] ?? 0) + 1;
		for (let j = 0; j <= judges; j++) if ((j === judges || !own.includes(j)) && value(j) > least) return false;
	}
	for (let j = 0; j < judges; j++) {
		const n = load[j] ?? 0;
		const price = (flow.prices[j] ?? 0) - sink;
		if (n < (instance.cap[j] ?? 0) && costs.load * (n + 1) < price) return false;
		if (n > (instance.load[j] ?? 0) && costs.load * n > price) return false;
	}
	return true;
}

function bigInstance(proposals: number, judges: number, affinityOf: (p: number, j: number) => number): Instance {
	const random = createRandom('big');
	const cap = Math.ceil((proposals * 3 * 1.5) / judges);
	const costs = chooseCosts(judges, cap);
	const affinity = new Int32Array(proposals * judges);
	for (let p = 0; p < proposals; p++) {
		for (let j = 0; j < judges; j++) {
			affinity[p * judges + j] = random.float() < 0.02 ? FORBIDDEN : Math.round(affinityOf(p, j) * costs.scale);
		}
	}
	return {
		proposals,
		judges,
		demand: new Int32Array(proposals).fill(3),
		load: new Int32Array(judges),
		cap: new Int32Array(judges).fill(cap),
		affinity,
		proposalHash: Int32Array.from({ length: proposals }, () => random.uint32() | 0),
		judgeHash: Int32Array.from({ length: judges }, () => random.uint32() | 0),
		costs
	};
}

describe('at scale', () => {
	const random = createRandom('affinity');
	it.each([
		['independent affinities', () => random.float()],
		['topics that match or not', (p: number, j: number) => (p % 8 === j % 8 ? 1 : 0)],
		['judges everybody wants', (_: number, j: number) => 0.8 * ((j * 37) % 100) * 0.01 + 0.2 * random.float()]
	])(
		'is optimal by its prices for 1,200 × 150 × 3: %s',
		(_, affinityOf) => {
			const instance = bigInstance(1200, 150, affinityOf);
			const flow = solveFlow(instance);
			expect(reducedCostsHold(instance, flow)).toBe(true);
			// The proof would notice: swap two judges and it fails.
			const first = flow.chosen[0] ?? 0;
			flow.chosen[0] = first === 7 ? 8 : 7;
			expect(reducedCostsHold(instance, flow)).toBe(false);
		},
		30_000
	);
});

describe('reproducible', () => {
	it('does not depend on the order of any list', () => {
		fc.assert(
			fc.property(fc.integer(), fc.integer({ min: 0, max: 1 }), (seed, levels) => {
				const input = problem(String(seed), 12, 6, { cap: 8, levels });
				const reversed = {
					...input,
					proposals: [...input.proposals].reverse(),
					judges: [...input.judges].reverse(),
					conflicts: [...input.conflicts].reverse(),
					affinity: [...input.affinity].reverse()
				};
				expect(assignJudges(reversed)).toEqual(assignJudges(input));
			}),
			{ numRuns: 30 }
		);
	});

	it('settles equals by the seed', () => {
		const input = { ...problem('x', 12, 6, { conflicts: 0, cap: 12 }), affinity: [] };
		const results = ['1', '2', '3'].map((seed) => JSON.stringify(assignJudges({ ...input, seed }).assignments));
		expect(new Set(results).size).toBe(3);
	});
});

describe('fixed assignments', () => {
	it('are kept, count towards caps and reviews, and are only added to', () => {
		const input = problem('keep', 20, 8, { cap: 9 });
		const first = assignJudges(input);
		const started = first.assignments.filter((_, i) => i % 3 === 0);
		const more = { ...input, fixed: started, proposals: [...input.proposals, 'P900', 'P901'], seed: 'other' };
		const second = assignJudges(more);
		expectConstraints(more, second);
		for (const pair of started) expect(second.assignments).toContainEqual(pair);
		expect(second.added.length).toBe(second.assignments.length - started.length);
		expect(assignJudges({ ...input, fixed: first.assignments }).added).toEqual([]);
	});

	it('count towards the load though their proposal is not in this run, and go when in conflict', () => {
		const result = assignJudges({
			proposals: ['A'],
			judges: [
				{ id: 'x', cap: 2 },
				{ id: 'y', cap: 2 }
			],
			conflicts: [{ proposal: 'A', judge: 'y' }],
			affinity: [],
			reviews: 1,
			fixed: [
				{ proposal: 'Z', judge: 'x' },
				{ proposal: 'A', judge: 'y' }
			],
			seed: '1'
		});
		expect(result.dropped).toEqual([{ proposal: 'A', judge: 'y' }]);
		expect(result.assignments).toEqual([{ proposal: 'A', judge: 'x' }]);
		expect(result.load).toEqual([
			{ judge: 'x', n: 2, cap: 2 },
			{ judge: 'y', n: 0, cap: 2 }
		]);
	});
});

describe('groups', () => {
	it('fills the quota of each', () => {
		const input = problem('groups', 20, 9, { conflicts: 0.05 });
		const judges = input.judges.map((judge, i) => ({ ...judge, group: i < 6 ? 'experts' : 'public' }));
		const result = assignJudges({
			...input,
			judges,
			quotas: [
				{ group: 'experts', reviews: 2 },
				{ group: 'public', reviews: 1 }
			]
		});
		expectConstraints(input, result);
		const expert = new Set(judges.filter(({ group }) => group === 'experts').map(({ id }) => id));
		for (const proposal of input.proposals) {
			expect(result.assignments.filter((a) => a.proposal === proposal && expert.has(a.judge)).length).toBe(2);
		}
		expect(() => assignJudges({ ...input, judges, quotas: [{ group: 'experts', reviews: 2 }] })).toThrow(
			RangeError
		);
	});
});

describe('when it cannot be done', () => {
	it('names what is missing and the caps to raise, and that helps', () => {
		const input = problem('room', 20, 6, { cap: 9, conflicts: 0.1 });
		const result = assignJudges(input);
		expect(result.unfilled.length).toBeGreaterThan(0);
		expect(result.unfilled.every(({ reason }) => reason === 'caps_reached')).toBe(true);
		expect(result.suggestion?.key).toBe('assignment_suggest_raise_caps');
		const by = new Map(result.suggestion?.raiseCaps.map((raise) => [raise.judge, raise.by]));
		const judges = input.judges.map(({ id, cap }) => ({ id, cap: cap + (by.get(id) ?? 0) }));
		expect(assignJudges({ ...input, judges }).unfilled).toEqual([]);
		const places = [...by.values()].reduce((a, b) => a + b, 0);
		expect(places).toBe(result.unfilled.reduce((sum, { missing }) => sum + missing, 0));
	});

	it('asks for judges where conflicts leave too few', () => {
		const conflicts = ['x', 'y'].map((judge) => ({ proposal: 'A', judge }));
		const judges = ['x', 'y', 'z'].map((id) => ({ id, cap: 5 }));
		const result = assignJudges({ proposals: ['A', 'B'], judges, conflicts, affinity: [], reviews: 3, seed: '1' });
		expect(result.unfilled).toEqual([{ proposal: 'A', missing: 2, reason: 'too_few_eligible', shortOfJudges: 2 }]);
		expect(result.suggestion).toEqual({
			key: 'assignment_suggest_add_judges',
			params: { judges: 0, by: 0, newJudges: 2, proposals: 1 },
			raiseCaps: []
		});
	});

	it('answers for nobody and nothing', () => {
		const empty = assignJudges({ proposals: [], judges: [], conflicts: [], affinity: [], reviews: 3, seed: '' });
		expect(empty).toMatchObject({ assignments: [], unfilled: [], suggestion: null, components: 0 });
		const alone = assignJudges({ proposals: ['A'], judges: [], conflicts: [], affinity: [], reviews: 2, seed: '' });
		expect(alone.unfilled).toMatchObject([{ missing: 2 }]);
	});
});

describe('the graph of judges and proposals', () => {
	it('is connected where equals allow it, at no cost', () => {
		for (let seed = 0; seed < 40; seed++) {
			const input = { ...problem(`${seed}`, 4, 4, { conflicts: 0, cap: 2, reviews: 2 }), affinity: [] };
			const judges = input.judges.map(({ id }) => ({ id, cap: 2 }));
			expect(assignJudges({ ...input, judges, seed: `${seed}` })).toMatchObject({ components: 1, unfilled: [] });
		}
	});

	it('stays apart when connecting would cost expertise', () => {
		const affinity = ['A', 'B', 'C', 'D'].flatMap((proposal, p) =>
			['w', 'x', 'y', 'z'].map((judge, j) => ({ proposal, judge, score: p < 2 === j < 2 ? 1 : 0 }))
		);
		const judges = ['w', 'x', 'y', 'z'].map((id) => ({ id, cap: 2 }));
		const result = assignJudges({
			proposals: ['A', 'B', 'C', 'D'],
			judges,
			conflicts: [],
			affinity,
			reviews: 2,
			seed: '1'
		});
		expect(result).toMatchObject({ components: 2, expertise: 8 });
	});

	it('avoids reciprocal pairs where equals allow it', () => {
		for (let seed = 0; seed < 40; seed++) {
			const judges = ['a', 'b', 'c', 'd'].map((id) => ({ id, cap: 3 }));
			const conflicts = judges.map(({ id }) => ({ proposal: id.toUpperCase(), judge: id }));
			const result = assignJudges({
				proposals: ['A', 'B', 'C', 'D'],
				judges,
				conflicts,
				affinity: [],
				reviews: 1,
				seed: String(seed)
			});
			expect(result.reciprocal).toBe(0);
			const judgeOf = new Map(result.assignments.map(({ proposal, judge }) => [proposal, judge]));
			for (const { proposal, judge } of result.assignments) {
				expect(judgeOf.get(judge.toUpperCase())).not.toBe(proposal.toLowerCase());
			}
		}
	});
});

it('refuses bad input', () => {
	const input = problem('bad', 3, 3);
	expect(() => assignJudges({ ...input, proposals: ['A', 'A'] })).toThrow(RangeError);
	expect(() => assignJudges({ ...input, judges: [{ id: 'x', cap: -1 }] })).toThrow(RangeError);
	expect(() =>
		assignJudges({
			...input,
			judges: [
				{ id: 'x', cap: 1 },
				{ id: 'x', cap: 1 }
			]
		})
	).toThrow(RangeError);
	expect(() => assignJudges({ ...input, affinity: [{ proposal: 'P000', judge: 'J000', score: NaN }] })).toThrow(
		RangeError
	);
});
