import { formatHalfUp, toHundredths, ZERO, type Ratio } from '#lib/domain/judging/exact.ts';
import { byText } from '#lib/domain/judging/random.ts';
import type { PublicNames } from '#lib/domain/judging/calibrated/official.ts';
import {
	commonRule,
	criterionMeans,
	finalScore,
	officialRanking,
	rankByScore,
	type AggregateRule,
	type JudgeGroup,
	type RankedProposal,
	type ScorecardTotal,
	type TieBreak,
	type TieBrokenBy,
	type Uncalibrated
} from '#lib/domain/judging/ranking.ts';

/**
 * Several rounds together: Final = Σ weight × round score ÷ Σ weight over the rounds that have begun, plus bonus points
 * up to their cap, exact to the end. Three things the published rule leaves open are settled here and said in words
 * wherever a score is shown:
 * - a group without a valid scorecard for a proposal: the other groups' weights are used (`missingGroups`);
 * - a round a proposal takes part in but has no scorecard from: it counts as 0 (`missingRounds`);
 * - a proposal that did not advance to a later round: it stands behind all that did, by its score over the rounds it
 *   took part in (`reached`).
 */

/** A round with its cards. Recused judges' cards are out already. */
export interface RoundInput {
	key: string;
	/** Whole percent, or any non-negative integers in the same proportion. */
	weight: number;
	rule: AggregateRule;
	groups?: readonly JudgeGroup[];
	/** Proposals that advanced to this round; null: all that were in the round before. */
	advanced: readonly string[] | null;
	scorecards: readonly ScorecardTotal[];
}

export interface CombinedInput {
	proposals: readonly string[];
	/** In the order they are held. */
	rounds: readonly RoundInput[];
	tieBreak: TieBreak;
	/** Bonus points granted, in hundredths, by proposal; together never more than the cap. */
	bonus?: { capHundredths: number; points: ReadonlyMap<string, number> };
	/** For calibrated rounds: the names under which the scores are published. */
	names?: PublicNames;
}

/** A proposal's score in one round it takes part in; `score` null without a scorecard. Scores in hundredths. */
export interface RoundScore {
	key: string;
	score: number | null;
	n: number;
	appliedRule: AggregateRule | null;
	groups: { key: string; n: number; score: number }[];
	missingGroups: string[];
}

export interface CombinedProposal {
	proposal: string;
	rank: number;
	score: Ratio;
	hundredths: number;
	formatted: string;
	/** `trimmed` or `calibrated` only where every score behind it was. */
	appliedRule: AggregateRule;
	tieBrokenBy: TieBrokenBy;
	lot: number | null;
	printsAlike: boolean;
	/** One for each round it takes part in and that has begun. */
	rounds: RoundScore[];
	/** Rounds it takes part in that counted as 0 because nobody has scored it there. */
	missingRounds: string[];
	/** The last round it takes part in, begun or not. */
	reached: string;
	/** Bonus counted, in hundredths. */
	bonus: number;
}

export interface CombinedRanking {
	ranked: CombinedProposal[];
	unranked: { proposal: string; reason: 'no_scorecards' }[];
	/** Keys of the rounds that have begun: they have at least one card. */
	begun: string[];
	/** Where a round's rule is `calibrated` and the mean was used. */
	uncalibrated: (Uncalibrated & { round: string })[];
}

/** Who takes part in each round: advancing needs to have been in the round before. */
export function participants(proposals: readonly string[], rounds: readonly Pick<RoundInput, 'advanced'>[]): Set<string>[] {
	let inside = new Set(proposals);
	return rounds.map(({ advanced }) => {
		if (advanced) inside = new Set(advanced.filter((proposal) => inside.has(proposal)));
		return inside;
	});
}

function roundScore(key: string, ranked: RankedProposal | undefined): RoundScore {
	if (!ranked) return { key, score: null, n: 0, appliedRule: null, groups: [], missingGroups: [] };
	return {
		key,
		score: ranked.hundredths,
		n: ranked.n,
		appliedRule: ranked.appliedRule,
		groups: ranked.groups.map((group) => ({ key: group.key, n: group.n, score: toHundredths(group.score) })),
		missingGroups: ranked.missingGroups
	};
}

/**
 * The official ranking over all rounds.
 * @throws RangeError when a judge has two cards for a proposal in a round, a total is not an integer, a proposal is
 * listed twice, or the weights of the rounds that have begun are all zero
 */
export function combinedRanking({ proposals, rounds, tieBreak, bonus, names }: CombinedInput): CombinedRanking {
	const inside = participants(proposals, rounds);
	const counted = rounds.map(({ scorecards, groups }, at) => {
		const members = groups && new Set(groups.flatMap(({ judges }) => judges));
		return scorecards.filter(({ proposal, judge }) => inside[at]?.has(proposal) && (!members || members.has(judge)));
	});
	// Without any card the first round says that everybody is still unranked.
	const begun = rounds.flatMap((_, at) => (counted[at]?.length ? [at] : []));
	const active = begun.length > 0 ? begun : rounds.slice(0, 1).map(() => 0);
	const uncalibrated: CombinedRanking['uncalibrated'] = [];
	const results = new Map(
		active.map((at) => {
			const { key, rule, groups } = rounds[at] ?? { key: '', rule: 'mean' as const, groups: undefined };
			const ids = proposals.filter((proposal) => inside[at]?.has(proposal));
			const own = officialRanking({ proposals: ids, scorecards: counted[at] ?? [], rule, groups, tieBreak, names });
			if (begun.includes(at)) uncalibrated.push(...own.uncalibrated.map((one) => ({ ...one, round: key })));
			return [at, new Map(own.ranked.map((one) => [one.proposal, one]))] as const;
		})
	);
	const byProposal = new Map<string, ScorecardTotal[]>(proposals.map((proposal) => [proposal, []]));
	for (const at of active) for (const card of counted[at] ?? []) byProposal.get(card.proposal)?.push(card);

	const entryOf = (proposal: string) => {
		const own = active.filter((at) => inside[at]?.has(proposal));
		const parts = own.map((at) => ({ at, ranked: results.get(at)?.get(proposal) }));
		if (!parts.some(({ ranked }) => ranked)) return null;
		const granted = Math.max(0, bonus?.points.get(proposal) ?? 0);
		return {
			proposal,
			score: finalScore(
				parts.map(({ at, ranked }) => ({ weight: rounds[at]?.weight ?? 0, score: ranked?.score ?? ZERO })),
				bonus && { hundredths: granted, capHundredths: bonus.capHundredths }
			),
			criteria: criterionMeans(byProposal.get(proposal) ?? [], tieBreak.criteria),
			tier: inside.filter((round) => round.has(proposal)).length,
			bonus: bonus ? Math.min(granted, bonus.capHundredths) : 0,
			parts
		};
	};
	const entries = proposals.flatMap((proposal) => entryOf(proposal) ?? []);
	const ranked: CombinedProposal[] = [];
	for (const tier of [...new Set(entries.map((entry) => entry.tier))].sort((a, b) => b - a)) {
		const before = ranked.length;
		for (const { entry, rank, ...place } of rankByScore(entries.filter((one) => one.tier === tier), tieBreak))
			ranked.push({
				proposal: entry.proposal,
				rank: before + rank,
				score: entry.score,
				hundredths: toHundredths(entry.score),
				formatted: formatHalfUp(entry.score),
				appliedRule: commonRule(entry.parts.flatMap(({ ranked: one }) => one?.appliedRule ?? [])),
				...place,
				rounds: entry.parts.map(({ at, ranked: one }) => roundScore(rounds[at]?.key ?? '', one)),
				missingRounds: entry.parts.flatMap(({ at, ranked: one }) => (one ? [] : [rounds[at]?.key ?? ''])),
				reached: rounds[entry.tier - 1]?.key ?? '',
				bonus: entry.bonus
			});
	}
	const placed = new Set(ranked.map(({ proposal }) => proposal));
	return {
		ranked,
		unranked: proposals
			.filter((proposal) => !placed.has(proposal))
			.sort(byText)
			.map((proposal) => ({ proposal, reason: 'no_scorecards' })),
		begun: begun.map((at) => rounds[at]?.key ?? ''),
		uncalibrated
	};
}
