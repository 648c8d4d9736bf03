import loadHighs from 'highs';
import { beforeAll, describe, expect, test } from 'vitest';
import { assignJudges, type AssignmentInput, type AssignmentResult } from '#lib/domain/judging/assignment.ts';
import { createRandom } from '#lib/domain/judging/random.ts';

/**
 * The assignment against an integer programme of its own: as many reviews as possible, then loads as even as possible
 * (least sum of 1 + 2 + … + load), then the greatest expertise. Instances are of the kinds an organizer's files may be.
 */

type Solver = { solve: (model: string, options?: Record<string, unknown>) => { Status: string; ObjectiveValue: number } };
let highs: Solver;
beforeAll(async () => {
	highs = (await loadHighs()) as unknown as Solver;
});

const named = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, at) => `${prefix}${at}`);

type Kind = (seed: string) => AssignmentInput;
const draw = (seed: string, p: number, j: number) => {
	const random = createRandom(seed);
	const proposals = named('P', p);
	const judges = named('J', j);
	const pairs = proposals.flatMap((proposal) => judges.map((judge) => ({ proposal, judge })));
	return { random, proposals, judges, pairs, base: { proposals, reviews: 3, seed, closeTo: [] } };
};
const rated = (pairs: readonly { proposal: string; judge: string }[], random: ReturnType<typeof createRandom>, levels: number) =>
	pairs.map((pair) => ({ ...pair, score: levels === 0 ? Math.round(random.float() * 1000) / 1000 : random.below(levels + 1) / levels }));

const kinds: Record<string, Kind> = {
	'any size': (seed) => {
		const size = createRandom(`${seed} size`);
		const { random, judges, pairs, base } = draw(seed, 1 + size.below(60), 1 + size.below(20));
		return { ...base, judges: judges.map((id) => ({ id, cap: random.below(14) })), conflicts: pairs.filter(() => random.float() < 0.15), affinity: rated(pairs, random, random.below(3)), reviews: 1 + random.below(4) };
	},
	'60 × 20 with continuous expertise': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 60, 20);
		return { ...base, judges: judges.map((id) => ({ id, cap: 12 })), conflicts: pairs.filter(() => random.float() < 0.1), affinity: rated(pairs, random, 0) };
	},
	'caps below what is needed': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 40, 12);
		return { ...base, judges: judges.map((id) => ({ id, cap: 5 + random.below(4) })), conflicts: pairs.filter(() => random.float() < 0.1), affinity: rated(pairs, random, 4) };
	},
	'exactly as many places as reviews': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 40, 12);
		return { ...base, judges: judges.map((id) => ({ id, cap: 10 })), conflicts: pairs.filter(() => random.float() < 0.25), affinity: rated(pairs, random, 0) };
	},
	'a star everybody wants': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 50, 15);
		return { ...base, judges: judges.map((id) => ({ id, cap: 50 })), conflicts: [], affinity: pairs.map((pair) => ({ ...pair, score: pair.judge === 'J0' ? 1 : random.float() * 0.2 })) };
	},
	'a judge in conflict with all but one': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 30, 10);
		return { ...base, judges: judges.map((id) => ({ id, cap: 12 })), conflicts: pairs.filter(({ judge, proposal }) => judge === 'J0' && proposal !== 'P7'), affinity: rated(pairs, random, 0) };
	},
	'blocks that share nobody': (seed) => {
		const { random, proposals, judges, pairs, base } = draw(seed, 40, 16);
		const block = (name: string, of: readonly string[]): number => of.indexOf(name) % 4;
		return { ...base, judges: judges.map((id) => ({ id, cap: 9 })), conflicts: pairs.filter(({ proposal, judge }) => block(proposal, proposals) !== block(judge, judges)), affinity: rated(pairs, random, 2) };
	},
	'nobody knows anything': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 60, 20);
		return { ...base, judges: judges.map((id) => ({ id, cap: 10 })), conflicts: pairs.filter(() => random.float() < 0.1), affinity: [] };
	},
	'half of the judges may take none': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 30, 20);
		return { ...base, judges: judges.map((id, at) => ({ id, cap: at % 2 === 0 ? 0 : 12 })), conflicts: pairs.filter(() => random.float() < 0.2), affinity: rated(pairs, random, 0) };
	},
	'one judge': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 20, 1);
		return { ...base, judges: judges.map((id) => ({ id, cap: 13 })), conflicts: pairs.filter(() => random.float() < 0.2), affinity: rated(pairs, random, 0) };
	},
	'groups with quotas': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 40, 15);
		const group = (at: number): string => (at < 9 ? 'experts' : 'residents');
		return {
			...base,
			judges: judges.map((id, at) => ({ id, cap: 8 + random.below(5), group: group(at) })),
			quotas: [{ group: 'experts', reviews: 2 }, { group: 'residents', reviews: 1 }],
			conflicts: pairs.filter(() => random.float() < 0.2),
			affinity: rated(pairs, random, 0)
		};
	},
	'groups of which one is too small': (seed) => {
		const { random, judges, pairs, base } = draw(seed, 30, 9);
		return {
			...base,
			judges: judges.map((id, at) => ({ id, cap: 9, group: at < 7 ? 'experts' : 'residents' })),
			quotas: [{ group: 'experts', reviews: 2 }, { group: 'residents', reviews: 1 }],
			conflicts: pairs.filter(() => random.float() < 0.1),
			affinity: rated(pairs, random, 3)
		};
	}
};

type Optimum = { filled: number; unevenness: number; expertise: number };

const optimum = (input: AssignmentInput): Optimum => {
	const barred = new Set(input.conflicts.map(({ proposal, judge }) => `${proposal} ${judge}`));
	const score = new Map(input.affinity.map((one) => [`${one.proposal} ${one.judge}`, one.score]));
	const cells = input.proposals.flatMap((proposal, p) =>
		input.judges.flatMap((judge, j) => (barred.has(`${proposal} ${judge.id}`) ? [] : [{ p, j, name: `x${p}_${j}`, score: score.get(`${proposal} ${judge.id}`) ?? 0 }]))
	);
	if (cells.length === 0) return { filled: 0, unevenness: 0, expertise: 0 };
	const rows: string[] = [];
	const quotas = input.quotas ?? [{ group: '', reviews: input.reviews }];
	for (const p of input.proposals.keys())
		for (const { group, reviews } of quotas) {
			const own = cells.filter((cell) => cell.p === p && (group === '' || input.judges[cell.j]?.group === group));
			if (own.length > 0) rows.push(`${own.map(({ name }) => `+ ${name}`).join(' ')} <= ${reviews}`);
		}
	const steps: { name: string; place: number }[] = [];
	for (const [j, { cap }] of input.judges.entries()) {
		const own = cells.filter((cell) => cell.j === j);
		if (own.length === 0) continue;
		// Place k of a judge costs k, so places are taken from the first on without being told to.
		const places = Array.from({ length: Math.min(cap, own.length) }, (_, at) => ({ name: `y${j}_${at + 1}`, place: at + 1 }));
		steps.push(...places);
		rows.push(`${own.map(({ name }) => `+ ${name}`).join(' ')} ${places.map(({ name }) => `- ${name}`).join(' ')} = 0`);
	}
	const filledSum = cells.map(({ name }) => `+ ${name}`).join(' ');
	const placeSum = steps.map(({ name, place }) => `+ ${place} ${name}`).join(' ') || '0 x0_0';
	const solve = (goal: string, objective: string, more: string[]): number => {
		const binaries = [...cells, ...steps].map(({ name }) => name).join('\n');
		const model = [goal, `obj: ${objective}`, 'Subject To', ...[...rows, ...more].map((row, at) => `r${at}: ${row}`), 'Binary', binaries, 'End'].join('\n');
		const { Status, ObjectiveValue } = highs.solve(model, { output_flag: false, mip_rel_gap: 0, mip_abs_gap: 0 });
		if (Status !== 'Optimal') throw new Error(`The solver ended with “${Status}”.`);
		return ObjectiveValue;
	};
	const filled = Math.round(solve('Maximize', filledSum, []));
	const unevenness = Math.round(solve('Minimize', placeSum, [`${filledSum} = ${filled}`]));
	const expertise = solve('Maximize', cells.map(({ name, score: points }) => `+ ${points} ${name}`).join(' '), [`${filledSum} = ${filled}`, `${placeSum} = ${unevenness}`]);
	return { filled, unevenness, expertise };
};

const expectConstraints = (input: AssignmentInput, result: AssignmentResult): void => {
	const barred = new Set(input.conflicts.map(({ proposal, judge }) => `${proposal} ${judge}`));
	const keys = result.assignments.map(({ proposal, judge }) => `${proposal} ${judge}`);
	expect(new Set(keys).size).toBe(keys.length);
	expect(keys.filter((key) => barred.has(key))).toEqual([]);
	for (const { judge, n, cap } of result.load) {
		expect(n).toBe(result.assignments.filter((one) => one.judge === judge).length);
		expect(n).toBeLessThanOrEqual(cap);
	}
	for (const proposal of input.proposals) {
		const own = result.assignments.filter((one) => one.proposal === proposal);
		const missing = result.unfilled.filter((one) => one.proposal === proposal).reduce((sum, one) => sum + one.missing, 0);
		expect(own.length + missing).toBe(input.reviews);
		for (const { group, reviews } of input.quotas ?? [])
			expect(own.filter(({ judge }) => input.judges.find(({ id }) => id === judge)?.group === group).length).toBeLessThanOrEqual(reviews);
	}
};

describe('against an integer programme', () => {
	test.each(Object.entries(kinds))('%s', (name, make) => {
		for (const seed of name === 'any size' ? named('s', 12) : ['1', '2']) {
			const input = make(`${name} ${seed}`);
			const result = assignJudges(input);
			expectConstraints(input, result);
			const best = optimum(input);
			const unevenness = result.load.reduce((sum, { n }) => sum + (n * (n + 1)) / 2, 0);
			expect({ seed, filled: result.assignments.length, unevenness }).toEqual({ seed, filled: best.filled, unevenness: best.unevenness });
			expect(result.expertise).toBeCloseTo(best.expertise, 4);
			expect(assignJudges({ ...input, proposals: [...input.proposals].reverse() }).assignments).toEqual(result.assignments);
		}
	}, 120_000);
});

test('5,000 proposals, 500 judges, three reviews: all filled and even, in seconds, and within 1 % of the bound', () => {
	const random = createRandom('city');
	const [proposals, judges] = [named('P', 5000), named('J', 500)];
	const score = new Map<string, number[]>();
	const affinity = proposals.flatMap((proposal) => {
		const own = judges.map(() => random.float());
		score.set(proposal, own);
		return judges.map((judge, j) => ({ proposal, judge, score: own[j] ?? 0 }));
	});
	const conflicts = proposals.flatMap((proposal) => [0, 1, 2, 3].map(() => ({ proposal, judge: judges[random.below(500)] ?? '' })));
	const barred = new Set(conflicts.map(({ proposal, judge }) => `${proposal} ${judge}`));
	const began = process.cpuUsage();
	const result = assignJudges({ proposals, judges: judges.map((id) => ({ id, cap: 40 })), conflicts, affinity, reviews: 3, seed: '1', closeTo: [] });
	const { user, system } = process.cpuUsage(began);
	expect(result.unfilled).toEqual([]);
	const loads = result.load.map(({ n }) => n);
	expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
	// No assignment can beat everybody getting their three best.
	const bound = proposals.reduce((sum, proposal) => {
		const best = judges.flatMap((judge, j) => (barred.has(`${proposal} ${judge}`) ? [] : [score.get(proposal)?.[j] ?? 0])).sort((a, b) => b - a);
		return sum + best.slice(0, 3).reduce((all, one) => all + one, 0);
	}, 0);
	expect(result.expertise / bound).toBeGreaterThan(0.99);
	// Of this machine's time, whatever else it is doing.
	expect((user + system) / 1e6).toBeLessThan(10);
	console.info(`5,000 × 500 × 3: ${((user + system) / 1e6).toFixed(1)} s, ${((100 * result.expertise) / bound).toFixed(2)} % of the bound`);
}, 60_000);
