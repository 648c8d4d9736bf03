import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { scoreScorecard } from '#lib/domain/judging/scoring.ts';
import type { ScorecardSave } from '#lib/domain/judging/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { AppError, conflict, forbidden, invalid, notFound, stale } from '#lib/server/platform/errors.ts';
import { competitionById } from '../../competitions/index.ts';
import { roundOf } from '../access.ts';
import { declaredBy } from '../declared.ts';
import { lastSeen, sawWritten } from '../last-seen.ts';
import { Scorecard, type PaperEntry, type ScorecardDocument } from '../model.ts';
import { pitchRefusal } from '../pitch-gate.ts';
import { forgetRecentRanking } from '../ranking-store.ts';
import { stateOf, type ScorecardState } from '../scorecard-view.ts';
import { expectSubmission, recordSubmission } from '../submissions.ts';
import { trialFirst } from '../trial.ts';
import { saveTrial } from './save-trial.ts';
import { applySave, contentOf, isBasedOnCurrent, isRepeat, issuesOf, type Content } from './scorecard-writing.ts';

/**
 * Saves a judge's scorecard as a draft, or submits and locks it. Sending the same save twice is one save.
 * Refusals: 404 for everybody but its judge, 409 with `current` when it was saved elsewhere meanwhile, is submitted,
 * recused or the round has closed, 422 for a criterion the rubric does not have, points out of range or off the step,
 * and, on submitting, for missing marks and missing comments.
 */
export const saveScorecard = (actor: Actor, id: string, save: ScorecardSave): Promise<ScorecardState> =>
	writeScorecard(actor, id, save, { paper: null, permit: (card) => permitJudge(actor, card), otherwise: () => saveTrial(actor, id, save) });

const permitJudge = (actor: Actor, card: ScorecardDocument): void => {
	if (!can(actor, 'scorecard.read', { owner: card.user })) throw notFound();
	if (!can(actor, 'scorecard.score', { owner: card.user, competition: card.competition })) throw forbidden();
};

/** Who writes: `permit` throws where they may not, `paper` says who types it from paper. */
export type Writing = {
	paper: PaperEntry | null;
	permit: (card: ScorecardDocument) => void | Promise<void>;
	/** What an id may belong to that no scorecard has. */
	otherwise?: () => Promise<ScorecardState>;
};

/** Writes a scorecard by the one set of rules, whoever holds the pen. */
export const writeScorecard = async (
	actor: Actor,
	id: string,
	save: ScorecardSave,
	{ paper, permit, otherwise }: Writing
): Promise<ScorecardState> => {
	const _id = toId(id);
	const content = contentOf(save);
	const act = { actor, save, content, paper };
	const seen = lastSeen(id);
	if (seen && !isRepeat(seen, save, content)) {
		const written = await Promise.resolve(permit(seen))
			.then(() => writeOn(seen, act))
			.catch(notRefused);
		if (written) return written;
	}
	// A second look is needed only when saves meet.
	for (let look = 0; look < 3; look += 1) {
		const card = await cardAt(_id);
		if (!card && otherwise) return otherwise();
		if (!card) throw notFound();
		await permit(card);
		expectSubmission(card);
		if (isRepeat(card, save, content)) {
			if (save.status === 'submitted' && card.status === 'submitted') await recordSubmission(card, 0);
			return stateOf(card);
		}
		const written = await writeOn(card, act);
		if (written) return written;
	}
	throw stale(stateOf(await currentCard(_id)));
};

/** What was seen last may be out of date: a refusal on its ground is no answer yet. */
const notRefused = (error: unknown): null => {
	if (error instanceof AppError) return null;
	throw error;
};

type Act = Pick<Writing, 'paper'> & { actor: Actor; save: ScorecardSave; content: Content };

/** Writes on a card as it was seen, if it still is so; null when it has changed since. */
const writeOn = async (card: ScorecardDocument, { actor, save, content, paper }: Act): Promise<ScorecardState | null> => {
	const submitting = save.status === 'submitted';
	const competition = await competitionById(card.competition);
	if (card.status === 'submitted') throw conflict('score_locked', {}, stateOf(card));
	if (card.status === 'recused') throw conflict('score_recused', {}, stateOf(card));
	const round = roundOf(competition, card.round);
	const { rubric } = round;
	if (round.kind === 'pitch' && competition.state === 'judging') await refuseByPitch(card, submitting);
	if (card.closedAt || competition.state !== 'judging') throw conflict(closedCode(competition.state), {}, stateOf(card));
	if (!paper && (await trialFirst(competition, card.judge))) throw conflict('trial_first', {}, stateOf(card));
	const scored = scoreScorecard(rubric, content);
	const issues = issuesOf(rubric, content, scored, submitting);
	if (issues.length > 0) throw invalid(issues);
	if (!isBasedOnCurrent(card, save)) throw stale(stateOf(card));
	if (submitting) await refuseConflict(card);
	const from = performance.now();
	const next = { ...applySave(card, save, content, scored, rubric.length), paper, ...(submitting ? { submittedBy: personOf(actor) } : {}) };
	// Everything a save writes was made here or checked at the edge, so it needs no casting, and this is the busiest write.
	const asSeen = { _id: card._id, version: card.version, status: card.status, user: card.user, closedAt: null };
	const { matchedCount } = await Scorecard.collection.updateOne(asSeen, { $set: next });
	if (matchedCount === 0) return null;
	const written = { ...card, ...next };
	sawWritten(written);
	if (submitting) {
		forgetRecentRanking(card.competition);
		await recordSubmission(written, from);
	}
	return stateOf(written);
};

const personOf = (actor: Actor): ScorecardDocument['submittedBy'] => (actor.kind === 'user' ? { id: actor.id, name: actor.name } : null);

const closedCode = (state: string): string =>
	['draft', 'announced', 'open', 'screening'].includes(state) ? 'score_round_not_open' : 'score_round_closed';

// As stored: nothing is cast, for the same reason.
const cardAt = (_id: ScorecardDocument['_id']): Promise<ScorecardDocument | null> => Scorecard.collection.findOne<ScorecardDocument>({ _id });

const currentCard = async (_id: ScorecardDocument['_id']): Promise<ScorecardDocument> => {
	const card = await cardAt(_id);
	if (!card) throw notFound();
	return card;
};

/** While pitches are held, scores are taken of who has been on stage and as long as scoring is open. */
const refuseByPitch = async (card: ScorecardDocument, submitting: boolean): Promise<void> => {
	const refusal = await pitchRefusal(card, submitting);
	if (refusal) throw conflict(refusal, {}, stateOf(card));
};

/** A conflict declared after the assignment still keeps the scores out. */
const refuseConflict = async (card: ScorecardDocument): Promise<void> => {
	if ((await declaredBy(card.judge)).has(card.proposal)) throw conflict('score_declared_conflict', {}, stateOf(card));
};
