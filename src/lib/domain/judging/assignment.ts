import { components, connectWithoutLoss } from '#lib/domain/judging/assignment/connect.ts';
import { chooseCosts, FORBIDDEN, type Instance } from '#lib/domain/judging/assignment/costs.ts';
import { solveFlow } from '#lib/domain/judging/assignment/flow.ts';
import { suggestChange, type Suggestion, type Unfilled } from '#lib/domain/judging/assignment/suggestion.ts';
import { byText, hash32 } from '#lib/domain/judging/random.ts';

export type { Suggestion, Unfilled } from '#lib/domain/judging/assignment/suggestion.ts';

export interface Pair {
	proposal: string;
	judge: string;
}

export interface AssignmentJudge {
	id: string;
	/** Most reviews, fixed ones included: a non-negative integer. */
	cap: number;
	/** Judge group, where `quotas` are given. */
	group?: string;
}

export interface AssignmentInput {
	proposals: readonly string[];
	judges: readonly AssignmentJudge[];
	/** Pairs that must never be; ids that are not in the lists are ignored. */
	conflicts: readonly Pair[];
	/** Expertise match, normally 0 … 1 (any finite number works); a pair not given has 0. */
	affinity: readonly (Pair & { score: number })[];
	/** Reviews per proposal, fixed ones included. */
	reviews: number;
	/** Reviews per proposal from each group of judges; they must add up to `reviews`. */
	quotas?: readonly { group: string; reviews: number }[];
	/** Assignments to keep (scorecards already started). Those of unlisted proposals only count towards the judge's load. */
	fixed?: readonly Pair[];
	/** Who is close to which proposal, to avoid reciprocal pairs; by default the conflicts. */
	closeTo?: readonly Pair[];
	/** The same seed and inputs, in any order, give the same assignment. */
	seed: string;
}

export interface AssignmentResult {
	seed: string;
	/** Fixed and added ones, sorted by proposal and judge. */
	assignments: Pair[];
	added: Pair[];
	/** Fixed pairs that were dropped because they are in conflict. */
	dropped: Pair[];
	load: { judge: string; n: number; cap: number }[];
	unfilled: Unfilled[];
	/** The smallest change that helps when reviews are unfilled. */
	suggestion: Suggestion | null;
	/** Sum of the affinities of all assignments. */
	expertise: number;
	/** 1 when every judge's scores can be compared with every other's through shared proposals. */
	components: number;
	/** Assignments whose judge is close to a proposal that somebody close to this one reviews. */
	reciprocal: number;
}

const pairKey = ({ proposal, judge }: Pair) => JSON.stringify([proposal, judge]);

function sortedUnique(ids: readonly string[], what: string): string[] {
	const sorted = [...ids].sort(byText);
	for (const [i, id] of sorted.entries())
		if (id === sorted[i + 1]) throw new RangeError(`${what} listed twice: ${id}`);
	return sorted;
}

function positions(ids: readonly string[]): Map<string, number> {
	return new Map(ids.map((id, i) => [id, i]));
}

function check(input: AssignmentInput): void {
	if (!Number.isInteger(input.reviews) || input.reviews < 0)
		throw new RangeError(`reviews per proposal: ${input.reviews}`);
	for (const { id, cap } of input.judges) {
		if (!Number.isSafeInteger(cap) || cap < 0) throw new RangeError(`cap of judge ${id}: ${cap}`);
	}
	for (const { score, judge, proposal } of input.affinity) {
		if (!Number.isFinite(score)) throw new RangeError(`affinity of ${judge} and ${proposal}: ${score}`);
	}
	const quota = input.quotas?.reduce((sum, { reviews }) => sum + reviews, 0);
	if (quota !== undefined && quota !== input.reviews)
		throw new RangeError(`quotas add up to ${quota}, not ${input.reviews}`);
}

/**
 * Assigns judges to proposals. Conflicts, caps and quotas always hold; then, in this order: as many reviews as possible
 * are filled, loads are balanced (equal but for one where the constraints allow), expertise is greatest, and among
 * equals the judge–proposal graph is connected and reciprocal pairs are few. Exact by minimum-cost flow, see
 * `assignment/flow.ts` and `assignment/costs.ts`.
 * @throws RangeError for ids listed twice, a cap that is no non-negative integer, an affinity that is not finite, quotas
 * that do not add up
 */
export function assignJudges(input: AssignmentInput): AssignmentResult {
	check(input);
	const proposals = sortedUnique(input.proposals, 'proposal');
	const judges = [...input.judges].sort((a, b) => byText(a.id, b.id));
	sortedUnique(
		judges.map(({ id }) => id),
		'judge'
	);
	const proposalAt = positions(proposals);
	const judgeAt = positions(judges.map(({ id }) => id));

	const conflicts = new Set(input.conflicts.map(pairKey));
	const fixedOnce = [...new Map((input.fixed ?? []).map((pair) => [pairKey(pair), pair])).values()];
	const known = fixedOnce.filter(({ judge }) => judgeAt.has(judge));
	const dropped = known.filter((pair) => conflicts.has(pairKey(pair)));
	const kept = known.filter((pair) => !conflicts.has(pairKey(pair)));
	const edges: [number, number][] = [];
	const load = new Int32Array(judges.length);
	for (const { proposal, judge } of kept) {
		const j = judgeAt.get(judge) ?? 0;
		const p = proposalAt.get(proposal);
		load[j] = (load[j] ?? 0) + 1;
		if (p !== undefined) edges.push([j, p]);
	}

	const affinity = new Float64Array(proposals.length * judges.length);
	let greatest = 0;
	for (const { proposal, judge, score } of input.affinity) {
		const p = proposalAt.get(proposal);
		const j = judgeAt.get(judge);
		if (p === undefined || j === undefined) continue;
		affinity[p * judges.length + j] = score;
		greatest = Math.max(greatest, Math.abs(score));
	}
	const closeTo = judges.map(() => new Set<number>());
	for (const { proposal, judge } of input.closeTo ?? input.conflicts) {
		const p = proposalAt.get(proposal);
		if (p !== undefined) closeTo[judgeAt.get(judge) ?? -1]?.add(p);
	}
	const forbidden = new Uint8Array(proposals.length * judges.length);
	for (const { proposal, judge } of input.conflicts) {
		const p = proposalAt.get(proposal);
		const j = judgeAt.get(judge);
		if (p !== undefined && j !== undefined) forbidden[p * judges.length + j] = 1;
	}
	for (const [j, p] of edges) forbidden[p * judges.length + j] = 1;

	const parts = input.quotas ?? [{ group: undefined, reviews: input.reviews }];
	const unfilled: Unfilled[] = [];
	const fixedEdges = edges.length;
	let reciprocal = 0;
	for (const { group, reviews } of parts) {
		const members = judges.flatMap((judge, j) => (group === undefined || judge.group === group ? [j] : []));
		const local = new Map(members.map((j, i) => [j, i]));
		const demand = new Int32Array(proposals.length).fill(reviews);
		for (const [j, p] of edges.slice(0, fixedEdges))
			if (local.has(j)) demand[p] = Math.max(0, (demand[p] ?? 0) - 1);
		const cap = Int32Array.from(members, (j) => Math.min(judges[j]?.cap ?? 0, (load[j] ?? 0) + proposals.length));
		const costs = chooseCosts(
			members.length,
			cap.reduce((a, b) => Math.max(a, b), 0)
		);
		const steps = new Int32Array(proposals.length * members.length);
		for (let p = 0, at = 0; p < proposals.length; p++) {
			for (const j of members) {
				const from = p * judges.length + j;
				const scaled =
					greatest > 0 ? Math.round(((affinity[from] ?? 0) / Math.max(1, greatest)) * costs.scale) : 0;
				steps[at++] = forbidden[from] === 1 ? FORBIDDEN : scaled;
			}
		}
		const instance: Instance = {
			proposals: proposals.length,
			judges: members.length,
			demand,
			load: Int32Array.from(members, (j) => load[j] ?? 0),
			cap,
			affinity: steps,
			proposalHash: Int32Array.from(proposals, (id) => hash32(`${input.seed}/p/${id}`)),
			judgeHash: Int32Array.from(members, (j) => hash32(`${input.seed}/j/${judges[j]?.id ?? ''}`)),
			costs
		};
		const flow = solveFlow(instance);
		// Judges of other groups get numbers behind this group's.
		const around = edges.map(([j, p]) => [local.get(j) ?? members.length + j, p] as const);
		reciprocal += connectWithoutLoss(instance, flow, {
			edges: around,
			closeTo: members.map((j) => closeTo[j] ?? new Set())
		}).reciprocal;

		for (const [p, proposal] of proposals.entries()) {
			let missing = 0;
			for (const i of flow.chosen.subarray(flow.offsets[p], flow.offsets[p + 1])) {
				const j = members[i];
				if (j === undefined) missing++;
				else edges.push([j, p]);
			}
			if (missing === 0) continue;
			let eligible = 0;
			for (const j of members) if (forbidden[p * judges.length + j] === 0) eligible++;
			const short = Math.max(0, (demand[p] ?? 0) - eligible);
			unfilled.push({
				proposal,
				missing,
				reason: missing > short ? 'caps_reached' : 'too_few_eligible',
				shortOfJudges: short,
				...(group === undefined ? {} : { group })
			});
		}
	}

	for (const [j] of edges.slice(fixedEdges)) load[j] = (load[j] ?? 0) + 1;
	const toPair = ([j, p]: readonly [number, number]): Pair => ({
		proposal: proposals[p] ?? '',
		judge: judges[j]?.id ?? ''
	});
	const byPair = (a: Pair, b: Pair) => byText(a.proposal, b.proposal) || byText(a.judge, b.judge);
	const suggestion = suggestChange(
		unfilled,
		judges,
		(p, j, group) => {
			const row = (proposalAt.get(p) ?? 0) * judges.length;
			return forbidden[row + j] === 0 && (group === undefined || judges[j]?.group === group);
		},
		edges.slice(fixedEdges).map(toPair)
	);
	return {
		seed: input.seed,
		assignments: edges.map(toPair).sort(byPair),
		added: edges.slice(fixedEdges).map(toPair).sort(byPair),
		dropped: dropped.map(({ proposal, judge }) => ({ proposal, judge })).sort(byPair),
		load: judges.map(({ id, cap }, j) => ({ judge: id, n: load[j] ?? 0, cap })),
		unfilled,
		suggestion,
		expertise: edges.reduce((sum, [j, p]) => sum + (affinity[p * judges.length + j] ?? 0), 0),
		components: components(judges.length, proposals.length, edges).count,
		reciprocal
	};
}
