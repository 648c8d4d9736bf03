import { byText } from '#lib/domain/judging/random.ts';
import { officialRanking, type RankingInput } from '#lib/domain/judging/ranking.ts';

/** A judge without whom others would have won. */
export interface Influence {
	judge: string;
	/** Proposals that would win without this judge's cards, in rank order. */
	enters: string[];
	/** Winners that would not, in rank order. */
	leaves: string[];
}

/**
 * Judges whose removal changes the winners, for the organizer's conversation with them; nothing is ever removed by this.
 * Ranks once per judge, so compute it once per closed round.
 * @param winnersOf the funded proposals of a ranking, e.g. the inside of the budget line
 */
export function influentialJudges(
	input: RankingInput,
	winnersOf: (ranked: readonly { proposal: string }[]) => readonly string[]
): Influence[] {
	const winners = winnersOf(officialRanking(input).ranked);
	const judges = [...new Set(input.scorecards.map(({ judge }) => judge))].sort(byText);
	return judges.flatMap((judge) => {
		const scorecards = input.scorecards.filter((card) => card.judge !== judge);
		const without = winnersOf(officialRanking({ ...input, scorecards }).ranked);
		const enters = without.filter((proposal) => !winners.includes(proposal));
		const leaves = winners.filter((proposal) => !without.includes(proposal));
		return enters.length + leaves.length > 0 ? [{ judge, enters, leaves }] : [];
	});
}
