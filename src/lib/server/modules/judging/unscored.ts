import { participants } from '#lib/domain/judging/rounds.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { passedIds } from '../proposals/index.ts';
import { Scorecard } from './model.ts';
import { Advancement, JuryCode } from './rounds-model.ts';

/**
 * A round in which proposals that take part have no score at all: it counts as 0 for those `n`, and where that is all
 * `of` them not at all.
 */
export type UnscoredRound = { key: string; label: string; n: number; of: number };

/**
 * The rounds of a competition that leave proposals without any score, neither a judge's nor the public's. Ending
 * judging then is allowed, but never by oversight: a whole round may be forgotten. A call of one round has none: what
 * is not in there shows as open scorecards, and the worklist asks for this often.
 */
export const unscoredRounds = async (competition: CompetitionView): Promise<UnscoredRound[]> => {
	if (competition.rounds.length < 2) return [];
	const [proposals, advancements, cards, ballots] = await Promise.all([
		passedIds(competition.id),
		Advancement.find({ competition: competition.id }, { round: 1, proposals: 1 }).lean(),
		Scorecard.aggregate<{ _id: { round: string; proposal: string } }>([
			{ $match: { competition: competition.id, status: 'submitted' } },
			{ $group: { _id: { round: '$round', proposal: '$proposal' } } }
		]),
		JuryCode.find({ competition: competition.id, status: 'used' }, { round: 1, totals: 1 }).lean()
	]);
	const scored = new Set(cards.map(({ _id }) => `${_id.round} ${_id.proposal}`));
	for (const { round, totals } of ballots) for (const proposal of Object.keys(totals)) scored.add(`${round} ${proposal}`);
	const inside = participants(
		proposals,
		competition.rounds.map(({ key }) => ({ advanced: advancements.find(({ round }) => round === key)?.proposals ?? null }))
	);
	return competition.rounds.flatMap(({ key, label }, at) => {
		const taking = [...(inside[at] ?? [])];
		const n = taking.filter((proposal) => !scored.has(`${key} ${proposal}`)).length;
		return n > 0 ? [{ key, label, n, of: taking.length }] : [];
	});
};
