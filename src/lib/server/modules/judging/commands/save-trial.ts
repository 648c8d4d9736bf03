import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { scoreScorecard } from '#lib/domain/judging/scoring.ts';
import type { ScorecardSave } from '#lib/domain/judging/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalid, notFound, stale } from '#lib/server/platform/errors.ts';
import { competitionById } from '../../competitions/index.ts';
import { roundOf } from '../access.ts';
import { TrialCard } from '../panel-model.ts';
import { stateOf, type ScorecardState } from '../scorecard-view.ts';
import { applySave, contentOf, isBasedOnCurrent, isRepeat, issuesOf } from './scorecard-writing.ts';

/** Saves a judge's scorecard of the sample, by the rules of any other; none of it is counted anywhere. */
export const saveTrial = async (actor: Actor, id: string, save: ScorecardSave): Promise<ScorecardState> => {
	const _id = toId(id);
	const content = contentOf(save);
	for (let look = 0; look < 3; look += 1) {
		const card = await TrialCard.findById(_id).lean();
		if (!card || !can(actor, 'scorecard.read', { owner: card.user })) throw notFound();
		if (!can(actor, 'scorecard.score', { owner: card.user, competition: card.competition })) throw forbidden();
		if (isRepeat(card, save, content)) return stateOf(card);
		if (card.status === 'submitted') throw conflict('score_locked', {}, stateOf(card));
		const competition = await competitionById(card.competition);
		if (!['screening', 'judging'].includes(competition.state)) throw conflict('score_round_closed', {}, stateOf(card));
		const { rubric } = roundOf(competition, card.round);
		const scored = scoreScorecard(rubric, content);
		const issues = issuesOf(rubric, content, scored, save.status === 'submitted');
		if (issues.length > 0) throw invalid(issues);
		if (!isBasedOnCurrent(card, save)) throw stale(stateOf(card));
		const next = applySave(card, save, content, scored, rubric.length);
		const { matchedCount } = await TrialCard.updateOne({ _id, version: card.version, status: card.status }, { $set: next });
		if (matchedCount > 0) return stateOf({ ...card, ...next });
	}
	throw conflict('stale');
};
