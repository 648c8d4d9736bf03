import { can, type Action } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { canStep, needsReason } from '#lib/domain/competitions/lifecycle.ts';
import type { CompetitionState, Transition } from '#lib/domain/competitions/types.ts';
import { clockText } from '#lib/domain/shared/moments.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { AppError, conflict, forbidden, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { recordAct } from '../../audit/index.ts';
import { forgetCompetition, freshCompetition } from '../cache.ts';
import { blockersFor, type Blocker } from '../guards.ts';
import { Competition } from '../model.ts';
import { readCompetition, resourceOf } from '../queries.ts';
import { toView, type CompetitionView } from '../views.ts';
import { settleClock } from './settle-clock.ts';

// What binds money or the public takes the head of the station, the rest whoever runs the competition.
const rightFor = (to: CompetitionState): Action =>
	to === 'notice' || to === 'decided' || to === 'cancelled' ? 'competition.decide' : 'competition.manage';

/** Whether the actor may take this step at all, blockers aside. */
export const mayTransition = (actor: Actor, competition: CompetitionView, to: CompetitionState): boolean =>
	can(actor, rightFor(to), resourceOf(competition));

/** What stands in the way of a step, for showing it before the button is pressed. */
export const transitionBlockers = async (actor: Actor, id: string, to: CompetitionState): Promise<Blocker[]> => {
	const competition = await readCompetition(actor, id);
	return canStep(competition.state, to) ? blockersFor(competition, to) : [];
};

const refuse = (competition: CompetitionView, to: CompetitionState): AppError => {
	const { opensAt, closesAt } = competition.timeline;
	if (to === 'open' && competition.state === 'announced') return conflict('clock_opens', { time: clockText(opensAt) });
	if (to === 'screening' && (competition.state === 'announced' || competition.state === 'open'))
		return conflict('clock_closes', { time: clockText(closesAt) });
	return conflict('step_not_possible', { from: competition.state, to });
};

/**
 * Takes a competition to another state: only along the state machine, only when no guard objects, with a reason
 * where one is due. Asking for the state it is in already changes nothing. Event `competition.transitioned`.
 */
export const transitionCompetition = async (actor: Actor, id: string, input: Transition): Promise<CompetitionView> => {
	const before = toView(await settleClock(await freshCompetition(id)), now());
	if (!can(actor, 'competition.readWork', resourceOf(before))) throw notFound();
	if (!mayTransition(actor, before, input.to)) throw forbidden();
	if (before.state === input.to) return before;
	if (input.version !== undefined && input.version !== before.version) throw stale(before);
	if (!canStep(before.state, input.to)) throw refuse(before, input.to);
	if (needsReason(before.state, input.to) && input.reason === '') throw invalidField('reason', 'reason_needed');
	const blockers = await blockersFor(before, input.to, input.reason);
	if (blockers.length > 0)
		throw new AppError('conflict', 'step_blocked', {
			issues: blockers.map(({ code, params }) => ({ path: 'to', code, params })),
			current: { blockers, version: before.version, state: before.state }
		});
	const step = {
		from: before.state,
		to: input.to,
		at: now(),
		by: actor.kind === 'user' ? actor.id : null,
		byName: actor.kind === 'user' ? actor.name : '',
		reason: input.reason
	};
	const after = await Competition.findOneAndUpdate(
		{ _id: toId(id), version: before.version, state: before.storedState },
		{ $set: { state: step.to, stateSince: step.at }, $push: { history: step }, $inc: { version: 1 } },
		{ returnDocument: 'after', lean: true }
	);
	forgetCompetition(id);
	if (!after) {
		const current = toView(await freshCompetition(id), now());
		if (current.state === input.to) return current;
		throw stale(current);
	}
	await recordAct({ chain: `competition:${id}`, actor, action: 'competition_transitioned', subject: id, detail: step });
	await publish({
		kind: 'competition.transitioned',
		key: `competition.transitioned:${id}:${after.version}`,
		payload: { competition: id, from: step.from, to: step.to, at: step.at.toISOString() }
	});
	return toView(after, now());
};
