import type { Round } from '#lib/domain/competitions/types.ts';
import { formatHalfUp, fromHundredths, mean, toHundredths, ZERO, type Ratio } from '#lib/domain/judging/exact.ts';
import {
	budgetLine,
	finalScore,
	officialRanking,
	rankByScore,
	TRIMMING_NEEDS,
	type OfficialRanking,
	type ScorecardTotal
} from '#lib/domain/judging/ranking.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { passedProposals, type PassedProposal } from '../proposals/index.ts';
import { Judge, Scorecard } from './model.ts';
import type { LineSide, RankingDocument, RankingRow } from './results-model.ts';

/** A submitted scorecard as far as ranking needs it. */
export type CountedCard = { round: string; proposal: string; judge: string; total: number; criteria: Record<string, number> };

/** A computed ranking: the head's figures and every row, ranked ones first. */
export type ComputedRanking = {
	head: Omit<RankingDocument, '_id' | 'revision' | 'upTo' | 'computedAt'>;
	rows: RankingRow[];
	cards: CountedCard[];
};

/** The submitted scorecards; recused ones are out before anything is trimmed. */
export const countedCards = async (competition: string): Promise<CountedCard[]> => {
	const cards = await Scorecard.find(
		{ competition, status: 'submitted' },
		{ round: 1, proposal: 1, judge: 1, total: 1, scores: 1 }
	).lean();
	return cards.map(({ round, proposal, judge, total, scores }) => ({
		round,
		proposal,
		judge,
		total: total ?? 0,
		criteria: Object.fromEntries(Object.entries(scores).map(([key, points]) => [key, points * 100]))
	}));
};

const cardsByProposal = (cards: readonly CountedCard[]): Map<string, CountedCard[]> => {
	const groups = new Map<string, CountedCard[]>();
	for (const card of cards) {
		const group = groups.get(card.proposal);
		if (group) group.push(card);
		else groups.set(card.proposal, [card]);
	}
	return groups;
};

type Place = Pick<RankingRow, 'rank' | 'score' | 'appliedRule' | 'tie' | 'printsAlike'> & { lot: number | null };

const roundRanking = (competition: CompetitionView, round: Round, ids: string[], cards: ScorecardTotal[]): OfficialRanking =>
	officialRanking({
		proposals: ids,
		scorecards: cards,
		rule: round.rule,
		tieBreak: { criteria: round.tieBreak, seed: competition.drawSeed }
	});

/** One round: its ranking is the final one. */
const placesOfRound = (ranking: OfficialRanking): Map<string, Place> =>
	new Map(
		ranking.ranked.map((one) => [
			one.proposal,
			{
				rank: one.rank,
				score: one.hundredths,
				appliedRule: one.appliedRule,
				tie: one.tieBrokenBy,
				lot: one.lot,
				printsAlike: one.printsAlike
			}
		])
	);

/**
 * Several rounds: Σ weight × round score ÷ Σ weight over the rounds scored so far; a round a proposal did not reach
 * counts as nothing. Ties go by the first round's criteria (means over all rounds), then by lot.
 */
const placesOverRounds = (
	competition: CompetitionView,
	rounds: readonly { round: Round; ranking: OfficialRanking }[],
	ids: readonly string[],
	cards: readonly CountedCard[]
): Map<string, Place> => {
	const scores = rounds.map(({ ranking }) => new Map(ranking.ranked.map((one) => [one.proposal, one])));
	const byProposal = cardsByProposal(cards);
	const criteria = competition.rounds[0]?.tieBreak ?? [];
	const entries = ids
		.filter((id) => scores.some((round) => round.has(id)))
		.map((proposal) => ({
			proposal,
			score: finalScore(
				rounds.map(({ round }, at) => ({ weight: round.weight, score: scores[at]?.get(proposal)?.score ?? ZERO }))
			),
			criteria: criterionMeans(byProposal.get(proposal) ?? [], criteria)
		}));
	return new Map(
		rankByScore(entries, { criteria, seed: competition.drawSeed }).map(({ entry, rank, tieBrokenBy, lot, printsAlike }) => [
			entry.proposal,
			{
				rank,
				score: toHundredths(entry.score),
				appliedRule: scores.every((round) => (round.get(entry.proposal)?.appliedRule ?? 'trimmed') === 'trimmed')
					? 'trimmed'
					: 'mean',
				tie: tieBrokenBy,
				lot,
				printsAlike
			}
		])
	);
};

const criterionMeans = (cards: readonly CountedCard[], keys: readonly string[]): Map<string, Ratio> =>
	new Map(
		keys.flatMap((key) => {
			const marks = cards.flatMap(({ criteria }) => (Object.hasOwn(criteria, key) ? [fromHundredths(criteria[key] ?? 0)] : []));
			return marks.length > 0 ? [[key, mean(marks)] as const] : [];
		})
	);

/** Which cards trimming leaves out: one highest and one lowest total, where it applies. */
const strip = (cards: readonly CountedCard[], judgeAt: ReadonlyMap<string, number>, rule: Round['rule']): RankingRow['cards'] => {
	const sorted = [...cards].sort((a, b) => b.total - a.total || (judgeAt.get(a.judge) ?? 0) - (judgeAt.get(b.judge) ?? 0));
	const trims = rule === 'trimmed' && sorted.length >= TRIMMING_NEEDS;
	return sorted.map(({ judge, total }, at) => ({
		judge: judgeAt.get(judge) ?? -1,
		total,
		dropped: trims && (at === 0 || at === sorted.length - 1)
	}));
};

/** Computes the official ranking of a competition from its submitted scorecards, with the line the fund draws. */
export const computeRanking = async (competition: CompetitionView): Promise<ComputedRanking> => {
	const [proposals, allCards, judges] = await Promise.all([
		passedProposals(competition.id),
		countedCards(competition.id),
		Judge.find({ competition: competition.id }, { name: 1 }).sort({ competition: 1, name: 1, _id: 1 }).lean()
	]);
	const ids = proposals.map((proposal) => proposal.id);
	const known = new Set(ids);
	const cards = allCards.filter((card) => known.has(card.proposal));
	const active = competition.rounds.filter((round) => cards.some((card) => card.round === round.key));
	const rounds = (active.length > 0 ? active : competition.rounds.slice(0, 1)).map((round) => ({
		round,
		ranking: roundRanking(competition, round, ids, cards.filter((card) => card.round === round.key))
	}));
	const [only] = rounds;
	const places =
		rounds.length === 1 && only ? placesOfRound(only.ranking) : placesOverRounds(competition, rounds, ids, cards);

	const judgeAt = new Map(judges.map((judge, at) => [judge._id.toHexString(), at]));
	const byProposal = cardsByProposal(cards);
	const lastRound = rounds.at(-1)?.round;
	const row = (proposal: PassedProposal): RankingRow => {
		const place = places.get(proposal.id);
		const own = (byProposal.get(proposal.id) ?? []).filter((card) => card.round === lastRound?.key);
		return {
			proposal: proposal.id,
			number: proposal.number,
			title: proposal.title,
			organization: proposal.organization,
			organizationName: proposal.organizationName,
			rank: place?.rank ?? null,
			score: place?.score ?? null,
			cards: strip(own, judgeAt, lastRound?.rule ?? 'mean'),
			appliedRule: place?.appliedRule ?? null,
			tie: place?.tie ?? null,
			printsAlike: place?.printsAlike ?? false,
			requested: proposal.requested,
			line: null
		};
	};
	const all = proposals.map(row);
	const ranked = all.filter((one) => one.rank !== null).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
	const line = budgetLine(ranked, new Map(ranked.map((one) => [one.proposal, one.requested])), competition.fund);
	const sides = new Map<string, LineSide>([
		...line.inside.map((id) => [id, 'inside'] as const),
		...(line.straddling ? [[line.straddling.proposal, 'straddling'] as const] : []),
		...line.outside.map((id) => [id, 'outside'] as const)
	]);
	const straddler = ranked.find((one) => one.proposal === line.straddling?.proposal);
	return {
		head: {
			judges: judges.map((judge) => ({ id: judge._id.toHexString(), name: judge.name })),
			proposals: all.length,
			ranked: ranked.length,
			scorecards: cards.length,
			fund: competition.fund,
			requested: all.reduce((sum, one) => sum + one.requested, 0),
			line: {
				inside: line.inside.length,
				spent: line.spentFen,
				left: line.leftFen,
				straddling: line.straddling
					? { number: straddler?.number ?? '', requested: line.straddling.requestedFen, available: line.straddling.availableFen }
					: null
			},
			fellBack: rounds.some(({ round }) => round.rule === 'trimmed')
				? ranked.filter((one) => one.appliedRule === 'mean').length
				: 0,
			ties: ranked.filter((one) => one.tie !== null).length
		},
		rows: [...ranked.map((one) => ({ ...one, line: sides.get(one.proposal) ?? null })), ...all.filter((one) => one.rank === null)],
		cards
	};
};

/** A score in hundredths as it is printed, `85.33`. */
export const scoreText = (hundredths: number | null): string => (hundredths === null ? '' : formatHalfUp(fromHundredths(hundredths)));
