import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { competitionById } from '../../competitions/index.ts';
import { attachmentForJudging, proposalForJudging } from '../../proposals/index.ts';
import { roundOf } from '../access.ts';
import { blinded, isBlindRound } from '../blind.ts';
import { seeCard } from '../last-seen.ts';
import { Scorecard } from '../model.ts';
import { pitchRefusal } from '../pitch-gate.ts';
import { trialFirst } from '../trial.ts';
import { rubricOf, stateOf, type ScorecardPage } from '../scorecard-view.ts';
import { readTrialCard } from './trial.ts';

/** The actor's own scorecard; 404 for anybody else's, so that not even its existence shows. */
export const readScorecard = async (actor: Actor, id: string): Promise<ScorecardPage> => {
	const card = await Scorecard.findById(toId(id)).lean();
	if (!card) return readTrialCard(actor, id);
	if (!can(actor, 'scorecard.read', { owner: card.user })) throw notFound();
	// Whoever opens it saves next.
	seeCard(card);
	const [competition, whole] = await Promise.all([competitionById(card.competition), proposalForJudging(card.proposal)]);
	const blind = isBlindRound(competition, card.round);
	const proposal = blind ? blinded(whole) : whole;
	const mayScore = can(actor, 'scorecard.score', { owner: card.user, competition: card.competition });
	const track = competition.tracks.find(({ key }) => key === proposal.track);
	const round = roundOf(competition, card.round);
	const open = card.status === 'assigned' || card.status === 'draft';
	const first = open && competition.state === 'judging' && mayScore && (await trialFirst(competition, card.judge));
	const refusal = first ? 'trial_first' : round.kind === 'pitch' ? await pitchRefusal(card, false) : null;
	return {
		card: stateOf(card),
		rubric: rubricOf(round),
		proposal,
		competition: {
			id: competition.id,
			title: competition.title,
			state: competition.state,
			until: competition.timeline.scoringUntil
		},
		questions: (track?.questions ?? []).map(({ key, label, type, options }) => ({ key, label, type, options })),
		categories: Object.fromEntries(competition.budgetRules.categories.map(({ key, label }) => [key, label])),
		editable: mayScore && open && card.closedAt === null && competition.state === 'judging' && refusal === null,
		round: competition.rounds.length > 1 ? { label: round.label, kind: round.kind } : null,
		pitch: round.kind === 'pitch',
		blind,
		trial: false,
		spread: null,
		refusal
	};
};

/** Opens an attachment of the proposal behind the actor's own scorecard. */
export const openScorecardFile = async (
	actor: Actor,
	id: string,
	file: string
): Promise<Awaited<ReturnType<typeof attachmentForJudging>>> => {
	const card = await Scorecard.findById(toId(id), { user: 1, proposal: 1, competition: 1, round: 1 }).lean();
	if (!card || !can(actor, 'scorecard.read', { owner: card.user })) throw notFound();
	if (isBlindRound(await competitionById(card.competition), card.round)) throw notFound();
	return attachmentForJudging(card.proposal, file);
};
