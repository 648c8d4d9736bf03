import type { Actor } from '#lib/domain/accounts/types.ts';
import { tally, unheard } from '#lib/domain/objections/rules.ts';
import type { AnswerInput, StatementInput, VoteInput } from '#lib/domain/objections/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, forbidden } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { transitionCompetition } from '../../competitions/index.ts';
import { chainOf } from '../access.ts';
import { Objection } from '../objections-model.ts';
import { change, objectionFor, type Standing } from './access.ts';

const nameOf = (actor: Actor): string => (actor.kind === 'user' ? actor.name : actor.kind === 'system' ? actor.name : '');

const maySpeakFor = (standing: Standing, side: StatementInput['side']): boolean =>
	standing.organizes || standing.sits || (standing.speaksForGroup && side === 'organization');

/**
 * Writes down what a side says: organizers and members of the committee for anybody they heard, the leader of the
 * organization concerned for their own group. Statements are added, never changed, until the answer is given.
 */
export const recordStatement = async (actor: Actor, id: string, { side, text }: StatementInput): Promise<void> => {
	const { objection, competition, standing } = await objectionFor(actor, id);
	if (!maySpeakFor(standing, side)) throw forbidden();
	if (objection.answer) throw conflict('objection_answered');
	const statement = { side, text, at: now(), byName: nameOf(actor) };
	// Adding needs no version: two statements at once are two statements.
	const added = await Objection.updateOne({ _id: objection._id, answer: null }, { $push: { statements: statement }, $inc: { version: 1 } });
	if (added.matchedCount === 0) throw conflict('objection_answered');
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'statement_recorded',
		subject: id,
		detail: { receipt: objection.receipt, side, text }
	});
};

/** A member's vote, by name, with its reason; it may be changed until the answer is given. Both sides are heard first. */
export const voteOnObjection = async (actor: Actor, id: string, { uphold, reason }: VoteInput): Promise<void> => {
	const { objection, competition, standing } = await objectionFor(actor, id);
	if (!standing.sits || actor.kind !== 'user') throw forbidden();
	for (let look = 0, current = objection; ; look += 1) {
		if (current.answer) throw conflict('objection_answered');
		if (unheard(current.proposal !== null, current.statements).length > 0) throw conflict('objection_unheard');
		const vote = { user: actor.id, name: actor.name, uphold, reason, at: now() };
		const votes = [...current.votes.filter(({ user }) => user !== actor.id), vote];
		try {
			await change(current, { $set: { votes } }, { answer: null, 'committee.user': actor.id });
			break;
		} catch (error) {
			// Several members vote in the same minute; each vote goes onto what is there by then.
			const next = await Objection.findById(objection._id).lean();
			if (!next || look === 9 || !next.committee.some(({ user }) => user === actor.id)) throw error;
			current = next;
		}
	}
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'objection_vote',
		subject: id,
		detail: { receipt: objection.receipt, uphold, reason }
	});
};

/**
 * Gives the written answer once more than half of the committee agree; the votes decide the outcome, not whoever
 * writes. 409 `objection_undecided` before.
 */
export const answerObjection = async (actor: Actor, id: string, { summary, answer }: AnswerInput): Promise<void> => {
	const { objection, competition, standing } = await objectionFor(actor, id);
	if (!standing.organizes && !standing.sits) throw forbidden();
	if (objection.answer) throw conflict('objection_answered');
	const { outcome } = tally(objection.committee.map(({ user }) => user), objection.votes);
	if (outcome === null) throw conflict('objection_undecided');
	await change(
		objection,
		{ $set: { answer: { summary, text: answer, at: now(), byName: nameOf(actor) }, status: outcome } },
		{ answer: null }
	);
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'objection_answered',
		subject: id,
		detail: { receipt: objection.receipt, outcome, summary, answer, votes: objection.votes.map(({ name, uphold }) => ({ name, uphold })) }
	});
};

/**
 * After an objection was upheld: says what will be put right and takes the competition back to deliberation, from where
 * a new notice supersedes this one. Repeating it after an interruption finishes what is missing.
 */
export const correctAfterObjection = async (actor: Actor, id: string, text: string): Promise<void> => {
	const { objection, competition, standing } = await objectionFor(actor, id);
	if (!standing.corrects) throw forbidden();
	if (objection.status !== 'upheld') throw conflict('objection_not_upheld');
	if (!objection.correction) {
		await change(objection, { $set: { correction: { text, at: now(), byName: nameOf(actor) } } }, { correction: null });
		await recordAct({
			chain: chainOf(competition.id),
			actor,
			action: 'objection_correction',
			subject: id,
			detail: { receipt: objection.receipt, text }
		});
	}
	const notices = competition.history.filter((step) => step.to === 'notice').length;
	if (competition.state === 'notice' && notices === objection.n)
		await transitionCompetition(actor, competition.id, { to: 'deliberation', reason: objection.correction?.text ?? text });
};
