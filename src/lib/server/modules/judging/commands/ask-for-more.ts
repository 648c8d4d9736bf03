import type { Actor } from '#lib/domain/accounts/types.ts';
import { assignJudges } from '#lib/domain/judging/assignment.ts';
import type { MoreReviewsRequest } from '#lib/domain/judging/types.ts';
import { conflict, invalidField } from '#lib/server/platform/errors.ts';
import { newSecret, sha256 } from '#lib/server/platform/secrets.ts';
import { canonicalJson, recordAct } from '../../audit/index.ts';
import { transitionCompetition, type CompetitionView } from '../../competitions/index.ts';
import { passedProposals } from '../../proposals/index.ts';
import { chainOf, competitionFor } from '../access.ts';
import { certaintyOf } from '../certainty-store.ts';
import { affinityOf, conflictsOf } from '../conflicts.ts';
import { AssignmentLock, Judge, Scorecard } from '../model.ts';
import { addCards, takeLock } from './assign.ts';

/** What was asked for. `missing` counts reviews nobody could be found for. */
export type MoreReviews = { proposals: number; added: number; missing: number; seed: string };

/**
 * Spends further judging where it matters: every proposal that cannot be told apart at the end of the fund gets `more`
 * reviews, by judges who have not seen it, under the same constraints as any assignment. A round that was closed goes
 * back to judging for it, with the reason on record.
 * @throws conflict when no proposal is contested, or nobody is left to review one
 */
export const askForMore = async (actor: Actor, competitionId: string, request: MoreReviewsRequest): Promise<MoreReviews> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	if (competition.state !== 'judging' && competition.state !== 'deliberation') throw conflict('score_round_closed');
	if (competition.state === 'deliberation' && request.reason === '') throw invalidField('reason', 'required');
	const { found } = await certaintyOf(competition);
	if (found.certainty.band.length === 0) throw conflict('rank_band_empty');
	await takeLock(competitionId);
	try {
		const dealt = await dealMore(competition, found.certainty.round, found.certainty.band, request);
		if (dealt.pairs.length === 0) throw conflict('rank_nobody_left');
		if (competition.state === 'deliberation') await transitionCompetition(actor, competitionId, { to: 'judging', reason: request.reason });
		const added = await addCards(competition, found.certainty.round, dealt.judges, dealt.proposals, dealt.cards, { assignments: dealt.pairs });
		await recordAct({
			chain: chainOf(competitionId),
			actor,
			action: 'more_reviews_asked',
			subject: competitionId,
			detail: { round: found.certainty.round, band: found.certainty.band, more: request.more, seed: dealt.seed, inputs: dealt.inputs, added, missing: dealt.missing, reason: request.reason }
		});
		return { proposals: found.certainty.band.length, added, missing: dealt.missing, seed: dealt.seed };
	} finally {
		await AssignmentLock.deleteOne({ _id: competitionId });
	}
};

const dealMore = async (competition: CompetitionView, round: string, band: readonly string[], request: MoreReviewsRequest) => {
	const [proposals, judges, cards] = await Promise.all([
		passedProposals(competition.id),
		Judge.find({ competition: competition.id, status: { $ne: 'removed' } }).sort({ competition: 1, name: 1, _id: 1 }).lean(),
		Scorecard.find({ competition: competition.id, round }, { judge: 1, proposal: 1, status: 1 }).lean()
	]);
	const seed = request.seed === '' ? newSecret(9) : request.seed;
	const conflicts = [...(await conflictsOf(competition, judges, proposals)), ...cards.filter(({ status }) => status === 'recused')];
	const held = cards.filter(({ status }) => status !== 'recused');
	const reviewsOf = (proposal: string): number => held.filter((card) => card.proposal === proposal).length;
	const pairs: { proposal: string; judge: string }[] = [];
	let missing = 0;
	// The assignment gives all its proposals the same number of reviews, so those that have equally many go together.
	for (const have of [...new Set(band.map(reviewsOf))].sort((a, b) => a - b)) {
		const group = band.filter((proposal) => reviewsOf(proposal) === have);
		const dealt = assignJudges({
			proposals: group,
			judges: judges.map((judge) => ({ id: judge._id.toHexString(), cap: judge.cap ?? 100_000 })),
			conflicts: conflicts.map(({ judge, proposal }) => ({ judge, proposal })),
			affinity: affinityOf(judges, proposals),
			reviews: have + request.more,
			fixed: [...held, ...pairs].map(({ judge, proposal }) => ({ judge, proposal })),
			seed
		});
		pairs.push(...dealt.added);
		missing += dealt.unfilled.reduce((sum, one) => sum + one.missing, 0);
	}
	const inputs = sha256(canonicalJson({ band, more: request.more, round, held: held.map(({ judge, proposal }) => ({ judge, proposal })), seed }));
	return { pairs, missing, seed, inputs, proposals, judges, cards };
};
