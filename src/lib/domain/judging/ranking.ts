import { aggregate, commonRule, type AggregateRule } from '#lib/domain/judging/aggregate.ts';
import {
	compare,
	divide,
	formatHalfUp,
	fromHundredths,
	mean,
	minimum,
	ratio,
	sum,
	toHundredths,
	weightedSum,
	type Ratio
} from '#lib/domain/judging/exact.ts';
import { officialCalibration, type CalibrationRefusal, type OfficialCalibration, type PublicNames } from '#lib/domain/judging/calibrated/official.ts';
import { byText, lotNumber } from '#lib/domain/judging/random.ts';

export { aggregate, aggregateUnits, commonRule, TRIMMING_NEEDS, type AggregateRule } from '#lib/domain/judging/aggregate.ts';
export { budgetLine, type BudgetLine } from '#lib/domain/judging/budget-line.ts';

/**
 * The official ranking: the published rule applied exactly. Scores are compared as fractions, never as rounded figures;
 * rounding to two decimals (half up) happens only for display.
 */

/** One judge's submitted card for one proposal. */
export interface ScorecardTotal {
	proposal: string;
	judge: string;
	/** Total in hundredths of a point. */
	total: number;
	/** Marks per criterion in hundredths of a point, for breaking ties. */
	criteria?: Readonly<Record<string, number>>;
}

/** Ties are broken by the criteria in this order (higher mean first), then by lots under the stored seed. */
export interface TieBreak {
	criteria: readonly string[];
	seed: string;
}

/** A group of judges whose aggregate has its own weight, e.g. experts 7 : public jurors 3. */
export interface JudgeGroup {
	key: string;
	/** Positive integer. */
	weight: number;
	judges: readonly string[];
}

export interface RankingInput {
	proposals: readonly string[];
	/** Without recused judges, see {@link withoutRecused}. Cards of proposals not listed (withdrawn ones) are ignored. */
	scorecards: readonly ScorecardTotal[];
	rule: AggregateRule;
	tieBreak: TieBreak;
	/** Without groups every card counts the same. */
	groups?: readonly JudgeGroup[];
	/** For `calibrated`: the names under which the scores are published. */
	names?: PublicNames;
}

/** What settled a tie: a criterion, the lot, or null where there was no tie. */
export type TieBrokenBy = `criterion:${string}` | 'lot' | null;

/** A proposal's exact score before it has a rank. */
export interface ScoredProposal {
	proposal: string;
	score: Ratio;
	/** Mean mark per criterion; one that is missing counts as lower than any. Asked for only where there is a tie. */
	criteria: () => ReadonlyMap<string, Ratio>;
}

export interface Placed<T extends ScoredProposal = ScoredProposal> {
	entry: T;
	/** 1, 2, 3 …, unique. */
	rank: number;
	tieBrokenBy: TieBrokenBy;
	/** The proposal's lot where the lot decided: the lower one comes first (see `lotNumber`). */
	lot: number | null;
	/** True when a neighbour prints the same two decimals though the exact scores differ, so a reader can be told. */
	printsAlike: boolean;
}

export interface RankedProposal {
	proposal: string;
	rank: number;
	/** Number of scorecards. */
	n: number;
	score: Ratio;
	/** Score in hundredths of a point, half up: what is stored and shown. */
	hundredths: number;
	/** The same as text, `85.33`. */
	formatted: string;
	/** The rule really used: `mean` where a group had too few scorecards for trimming, or could not be calibrated. */
	appliedRule: AggregateRule;
	tieBrokenBy: TieBrokenBy;
	lot: number | null;
	printsAlike: boolean;
	/** Judge groups without a scorecard for this proposal; the others' weights were used. */
	missingGroups: string[];
	/** Each group's own aggregate where the round has groups, in their order. */
	groups: { key: string; n: number; score: Ratio }[];
}

export interface OfficialRanking {
	rule: AggregateRule;
	ranked: RankedProposal[];
	unranked: { proposal: string; reason: 'no_scorecards' }[];
	/** Where `calibrated` was asked and the mean was used; `group` is null for a round without groups. */
	uncalibrated: Uncalibrated[];
}

/** A group of judges (null: all of the round) whose cards could not be calibrated. */
export interface Uncalibrated {
	group: string | null;
	reason: CalibrationRefusal;
}

/** The scorecards without those of judges recused from that proposal, even if the recusal came after scoring. */
export function withoutRecused<T extends { proposal: string; judge: string }>(
	scorecards: readonly T[],
	recusals: readonly { proposal: string; judge: string }[]
): T[] {
	const recused = new Map<string, Set<string>>();
	for (const { proposal, judge } of recusals) {
		const judges = recused.get(proposal);
		if (judges) judges.add(judge);
		else recused.set(proposal, new Set([judge]));
	}
	return scorecards.filter(({ proposal, judge }) => !recused.get(proposal)?.has(judge));
}

/** Means per criterion over all of a proposal's cards that carry it (trimming looks at totals only), worked out once when asked for. */
export function criterionMeans(cards: readonly ScorecardTotal[], keys: readonly string[]): () => ReadonlyMap<string, Ratio> {
	let means: Map<string, Ratio> | undefined;
	return () => {
		if (means) return means;
		means = new Map();
		for (const key of keys) {
			const marks = cards.flatMap(({ criteria }) => (criteria && Object.hasOwn(criteria, key) ? [criteria[key] ?? 0] : []));
			if (marks.length > 0) means.set(key, mean(marks.map(fromHundredths)));
		}
		return means;
	};
}

/** A proposal's exact score with how it came about. */
export interface Aggregated extends ScoredProposal {
	n: number;
	appliedRule: AggregateRule;
	missingGroups: string[];
	groups: RankedProposal['groups'];
}

/** What the cards of a round were calibrated to, by group; null for a round without groups. */
type Calibrations = ReadonlyMap<string | null, OfficialCalibration>;

/** Calibrates the cards of each judge group by themselves: experts and residents are not lenient in the same way. */
function calibrations(cards: readonly ScorecardTotal[], { groups, names }: Pick<RankingInput, 'groups' | 'names'>): Calibrations {
	if (!groups || groups.length === 0) return new Map([[null, officialCalibration(cards, names)]]);
	return new Map(
		groups.flatMap(({ key, judges }) => {
			const members = new Set(judges);
			const own = cards.filter(({ judge }) => members.has(judge));
			return own.length > 0 ? [[key, officialCalibration(own, names)] as const] : [];
		})
	);
}

/**
 * The exact score of one proposal from its own cards: groups, rule and criteria of `input` apply, its lists do not.
 * @param calibrated what all cards of the round were calibrated to; without it `calibrated` is the mean
 * @throws RangeError without a counted card
 */
export function scoreProposal(
	proposal: string,
	cards: readonly ScorecardTotal[],
	input: Pick<RankingInput, 'rule' | 'tieBreak' | 'groups'>,
	calibrated?: Calibrations
): Aggregated {
	const groups = input.groups ?? [];
	const criteria = criterionMeans(cards, input.tieBreak.criteria);
	const scoreOf = (totals: readonly number[], group: string | null): ReturnType<typeof aggregate> => {
		const score = calibrated?.get(group)?.scores?.get(proposal);
		return score ? { score, appliedRule: 'calibrated' } : aggregate(totals, input.rule);
	};
	if (groups.length === 0) {
		const totals = cards.map(({ total }) => total);
		return { proposal, n: cards.length, criteria, missingGroups: [], groups: [], ...scoreOf(totals, null) };
	}
	const missingGroups: string[] = [];
	const parts: { key: string; n: number; weight: number; score: Ratio; appliedRule: AggregateRule }[] = [];
	for (const group of groups) {
		const members = new Set(group.judges);
		const totals = cards.filter(({ judge }) => members.has(judge)).map(({ total }) => total);
		if (totals.length === 0) missingGroups.push(group.key);
		else parts.push({ key: group.key, n: totals.length, weight: group.weight, ...scoreOf(totals, group.key) });
	}
	return {
		proposal,
		n: cards.length,
		criteria,
		missingGroups,
		groups: parts.map(({ key, n, score }) => ({ key, n, score })),
		score: weightedMean(parts.map(({ weight, score }) => ({ weight, value: score }))),
		appliedRule: commonRule(parts.map((part) => part.appliedRule))
	};
}

function weightedMean(terms: readonly { weight: number; value: Ratio }[]): Ratio {
	for (const { weight } of terms) {
		if (!Number.isSafeInteger(weight) || weight < 0)
			throw new RangeError(`a weight is a non-negative integer, not ${weight}`);
	}
	const weights = terms.map(({ weight, value }) => ({ weight: ratio(weight), value }));
	return divide(weightedSum(weights), sum(weights.map(({ weight }) => weight)));
}

/**
 * Ranks by exact score, highest first. Ties go by the declared criteria, then by lot; every rank is unique and the
 * result does not depend on the order of the input.
 */
export function rankByScore<T extends ScoredProposal>(entries: readonly T[], tieBreak: TieBreak): Placed<T>[] {
	const order = [...entries].sort((a, b) => compare(b.score, a.score) || byText(a.proposal, b.proposal));
	const placed: Placed<T>[] = [];
	const place = (entry: T, tieBrokenBy: TieBrokenBy, lot: number | null = null) =>
		placed.push({ entry, rank: placed.length + 1, tieBrokenBy, lot, printsAlike: false });

	const settle = (tied: readonly T[], step: number): void => {
		const key = tieBreak.criteria[step];
		const [only] = tied;
		if (tied.length === 1 && only) {
			const last = tieBreak.criteria[step - 1];
			place(only, last === undefined ? null : `criterion:${last}`);
		} else if (key === undefined) {
			const lots = tied.map((entry) => ({ entry, lot: lotNumber(tieBreak.seed, entry.proposal) }));
			lots.sort((a, b) => a.lot - b.lot || byText(a.entry.proposal, b.entry.proposal));
			for (const { entry, lot } of lots) place(entry, 'lot', lot);
		} else {
			const onKey = (a: T, b: T) => compareMissingLast(a.criteria().get(key), b.criteria().get(key));
			for (const group of runs([...tied].sort(onKey), onKey)) {
				// A criterion that separates nobody settles nothing: the next one gets the credit.
				settle(group, step + 1);
			}
		}
	};
	for (const group of runs(order, (a, b) => compare(a.score, b.score))) settle(group, 0);
	for (const [i, current] of placed.entries()) {
		const next = placed[i + 1];
		if (!next || compare(current.entry.score, next.entry.score) === 0) continue;
		if (toHundredths(current.entry.score) === toHundredths(next.entry.score))
			current.printsAlike = next.printsAlike = true;
	}
	return placed;
}

function compareMissingLast(a: Ratio | undefined, b: Ratio | undefined): number {
	if (a && b) return compare(b, a);
	return a ? -1 : b ? 1 : 0;
}

/** Splits a sorted list into runs of equals. */
function runs<T>(sorted: readonly T[], order: (a: T, b: T) => number): T[][] {
	const groups: T[][] = [];
	for (const item of sorted) {
		const group = groups.at(-1);
		const [first] = group ?? [];
		if (group && first !== undefined && order(first, item) === 0) group.push(item);
		else groups.push([item]);
	}
	return groups;
}

/**
 * The official ranking of one round.
 * @throws RangeError when a judge has two cards for a proposal, a total is not an integer, or a proposal is listed twice
 */
export function officialRanking(input: RankingInput): OfficialRanking {
	const cards = new Map<string, ScorecardTotal[]>();
	for (const proposal of input.proposals) {
		if (cards.has(proposal)) throw new RangeError(`proposal listed twice: ${proposal}`);
		cards.set(proposal, []);
	}
	const seen = new Set<string>();
	for (const card of input.scorecards) {
		const pair = JSON.stringify([card.proposal, card.judge]);
		if (seen.has(pair)) throw new RangeError(`two scorecards of judge ${card.judge} for proposal ${card.proposal}`);
		seen.add(pair);
		if (!Number.isSafeInteger(card.total)) throw new RangeError(`total is not in whole hundredths: ${card.total}`);
		cards.get(card.proposal)?.push(card);
	}
	const grouped = input.groups && new Set(input.groups.flatMap(({ judges }) => judges));
	const calibrated = input.rule === 'calibrated' ? calibrations([...cards.values()].flat(), input) : undefined;
	const scored: Aggregated[] = [];
	const unranked: OfficialRanking['unranked'] = [];
	for (const [proposal, own] of cards) {
		const counted = grouped ? own.filter(({ judge }) => grouped.has(judge)) : own;
		if (counted.length === 0) unranked.push({ proposal, reason: 'no_scorecards' });
		else scored.push(scoreProposal(proposal, counted, input, calibrated));
	}
	unranked.sort((a, b) => byText(a.proposal, b.proposal));
	const ranked = rankByScore(scored, input.tieBreak).map(({ entry, ...place }) => ({
		proposal: entry.proposal,
		rank: place.rank,
		n: entry.n,
		score: entry.score,
		hundredths: toHundredths(entry.score),
		formatted: formatHalfUp(entry.score),
		appliedRule: entry.appliedRule,
		tieBrokenBy: place.tieBrokenBy,
		lot: place.lot,
		printsAlike: place.printsAlike,
		missingGroups: entry.missingGroups,
		groups: entry.groups
	}));
	const uncalibrated = [...(calibrated ?? [])].flatMap(([group, { refusal }]) => (refusal ? [{ group, reason: refusal }] : []));
	return { rule: input.rule, ranked, unranked, uncalibrated };
}

/**
 * Final score over rounds: Σ weight × round score ÷ Σ weight, plus bonus points up to their cap, exactly.
 * @param rounds `weight` a non-negative integer such as 15, 25, 60
 * @param bonus points and cap in hundredths of a point
 * @throws RangeError when the weights are not such integers or all zero
 */
export function finalScore(
	rounds: readonly { weight: number; score: Ratio }[],
	bonus?: { hundredths: number; capHundredths: number }
): Ratio {
	const base = weightedMean(rounds.map(({ weight, score }) => ({ weight, value: score })));
	if (!bonus) return base;
	return sum([base, minimum(fromHundredths(bonus.hundredths), fromHundredths(bonus.capHundredths))]);
}
