import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { effectiveState } from '#lib/domain/competitions/clock.ts';
import { isFrozen } from '#lib/domain/competitions/lifecycle.ts';
import type { Amendment } from '#lib/domain/competitions/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { recordAct } from '../../audit/index.ts';
import { forgetCompetition, freshCompetition } from '../cache.ts';
import { Competition } from '../model.ts';
import { resourceOf } from '../queries.ts';
import { toView, type CompetitionView } from '../views.ts';

/**
 * Publishes an amendment of an open call: a text every applicant sees, and where wanted a later closing. Earlier
 * is refused, so is moving the closing once it has passed. Event `competition.amended`.
 */
export const amendCompetition = async (actor: Actor, id: string, input: Amendment): Promise<CompetitionView> => {
	const at = now();
	const stored = await freshCompetition(id);
	const before = toView(stored, at);
	if (!can(actor, 'competition.readWork', resourceOf(before))) throw notFound();
	if (!can(actor, 'competition.manage', resourceOf(before))) throw forbidden();
	if (input.version !== before.version) throw stale(before);
	const state = effectiveState(stored, at);
	if (!isFrozen(state) || state === 'closed' || state === 'cancelled') throw conflict('amend_not_now');
	const closesAt = input.closesAt ? new Date(input.closesAt) : null;
	if (closesAt && state !== 'open') throw invalidField('closesAt', 'amend_closed_already');
	if (closesAt && closesAt <= stored.timeline.closesAt) throw invalidField('closesAt', 'amend_only_later');
	const amendment = { at, text: input.text, byName: actor.kind === 'user' ? actor.name : '', closesAt };
	const after = await Competition.findOneAndUpdate(
		{ _id: toId(id), version: input.version },
		{
			$push: { amendments: amendment },
			...(closesAt ? { $set: { 'timeline.closesAt': closesAt } } : {}),
			$inc: { version: 1 }
		},
		{ returnDocument: 'after', lean: true }
	);
	forgetCompetition(id);
	if (!after) throw stale(toView(await freshCompetition(id), at));
	await recordAct({
		chain: `competition:${id}`,
		actor,
		action: 'competition_amended',
		subject: id,
		detail: { text: input.text, closesAt: input.closesAt }
	});
	await publish({
		kind: 'competition.amended',
		key: `competition.amended:${id}:${after.version}`,
		payload: { competition: id, text: input.text, closesAt: input.closesAt }
	});
	return toView(after, at);
};
