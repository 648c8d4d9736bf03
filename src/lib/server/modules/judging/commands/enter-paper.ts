import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { ScorecardSave } from '#lib/domain/judging/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, invalid, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { competitionById, resourceOf } from '../../competitions/index.ts';
import { chainOf, roundOf } from '../access.ts';
import { Judge, Scorecard, type ScorecardDocument } from '../model.ts';
import type { ScorecardState } from '../scorecard-view.ts';
import { writeScorecard } from './save-scorecard.ts';

/** 404 for who does not run the competition; whoever judges in it types for nobody else. */
export const permitPaper = async (actor: Actor, card: ScorecardDocument): Promise<void> => {
	const competition = await competitionById(card.competition);
	if (!can(actor, 'scorecard.enterFor', resourceOf(competition))) throw notFound();
	if (actor.kind === 'user' && (await Judge.exists({ competition: card.competition, user: actor.id, status: { $ne: 'removed' } })))
		throw conflict('paper_own');
};

/**
 * Types in a scorecard a judge filled in on paper: the judge's scorecard by the same rules, with who typed it kept. A
 * card the judge has begun on a phone is left to the judge.
 */
export const enterPaper = async (actor: Actor, id: string, save: ScorecardSave): Promise<ScorecardState> => {
	const by = actor.kind === 'user' ? actor.id : '';
	const byName = actor.kind === 'user' ? actor.name : '';
	return writeScorecard(actor, id, save, {
		paper: { by, byName, at: now(), checkedBy: '', checkedByName: '', checkedAt: null },
		permit: async (card) => {
			await permitPaper(actor, card);
			if (card.startedAt && !card.paper) throw conflict('paper_judge_started');
		}
	});
};

/**
 * A second person has compared what was typed with the paper. With the points they read there themselves, it counts only
 * where both are the same.
 * @throws AppError 422 at `scores.<criterion>` for each that differs, with both readings
 */
export const checkPaper = async (actor: Actor, id: string, read?: Readonly<Record<string, number | null>>): Promise<void> => {
	const card = await Scorecard.findById(toId(id)).lean();
	if (!card) throw notFound();
	await permitPaper(actor, card);
	if (!card.paper || card.status !== 'submitted') throw conflict('paper_not_paper');
	const by = actor.kind === 'user' ? actor.id : '';
	if (card.paper.by === by) throw conflict('paper_same_person');
	if (read) await sameAs(card, read);
	const checked = { 'paper.checkedBy': by, 'paper.checkedByName': actor.kind === 'user' ? actor.name : '', 'paper.checkedAt': now() };
	const { matchedCount } = await Scorecard.updateOne({ _id: card._id, version: card.version }, { $set: checked });
	if (matchedCount === 0) throw conflict('paper_not_paper');
	await recordAct({
		chain: chainOf(card.competition),
		actor,
		action: 'scorecard_paper_checked',
		subject: id,
		detail: { judge: card.judge, proposal: card.proposal, keyedInBy: card.paper.byName }
	});
};

const sameAs = async ({ competition, round, scores }: ScorecardDocument, read: Readonly<Record<string, number | null>>): Promise<void> => {
	const { rubric } = roundOf(await competitionById(competition), round);
	const differing = rubric.filter(({ key }) => (scores[key] ?? null) !== (read[key] ?? null));
	if (differing.length > 0)
		throw invalid(
			differing.map(({ key, label }) => ({
				path: `scores.${key}`,
				code: read[key] === null || read[key] === undefined ? 'score_missing' : 'paper_differs',
				params: { label, first: scores[key] ?? '—', second: read[key] ?? '—' }
			})),
			'paper_differs_all'
		);
};
