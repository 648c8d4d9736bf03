import { byText } from '#lib/domain/judging/random.ts';
import { rankByScore, type ScoredProposal, type TieBreak } from '#lib/domain/judging/ranking.ts';

/** A judge without whom others would have won. */
export interface Influence {
	judge: string;
	/** Proposals that would win without this judge's cards, in rank order. */
	enters: string[];
	/** Winners that would not, in rank order. */
	leaves: string[];
}

export interface InfluenceInput<Card extends { proposal: string; judge: string }> {
	/** The counted cards; recused judges' are out. */
	cards: readonly Card[];
	/** The score of a proposal from its own cards (at least one), null where these are not enough for a score. */
	scoreOf: (proposal: string, cards: readonly Card[]) => ScoredProposal | null;
	tieBreak: TieBreak;
	/** The funded proposals of a ranking, e.g. the inside of the budget line. */
	winnersOf: (ranked: readonly { proposal: string }[]) => readonly string[];
}

/**
 * Judges whose removal changes the winners (leave one out), for the organizer's conversation with them; nothing is ever
 * removed by this. A judge's absence changes the scores of that judge's proposals only, so just those are scored again.
 */
export function influentialJudges<Card extends { proposal: string; judge: string }>(input: InfluenceInput<Card>): Influence[] {
	const { scoreOf, tieBreak, winnersOf } = input;
	const byProposal = groupBy(input.cards, ({ proposal }) => proposal);
	const byJudge = groupBy(input.cards, ({ judge }) => judge);
	const scored = [...byProposal].flatMap(([proposal, cards]) => scoreOf(proposal, cards) ?? []);
	// In rank order already: what is sorted again per judge is nearly sorted, which costs a pass instead of a sort.
	const ranked = rankByScore(scored, tieBreak).map(({ entry }) => entry);
	const winners = winnersOf(ranked);
	const won = new Set(winners);
	return [...byJudge.keys()].sort(byText).flatMap((judge) => {
		const touched = new Set((byJudge.get(judge) ?? []).map(({ proposal }) => proposal));
		const entries = ranked.flatMap((entry) => {
			if (!touched.has(entry.proposal)) return entry;
			const left = (byProposal.get(entry.proposal) ?? []).filter((card) => card.judge !== judge);
			return left.length > 0 ? (scoreOf(entry.proposal, left) ?? []) : [];
		});
		const without = winnersOf(rankByScore(entries, tieBreak).map(({ entry }) => entry));
		const winsWithout = new Set(without);
		const enters = without.filter((proposal) => !won.has(proposal));
		const leaves = winners.filter((proposal) => !winsWithout.has(proposal));
		return enters.length + leaves.length > 0 ? [{ judge, enters, leaves }] : [];
	});
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const item of items) {
		const group = groups.get(keyOf(item));
		if (group) group.push(item);
		else groups.set(keyOf(item), [item]);
	}
	return groups;
}
