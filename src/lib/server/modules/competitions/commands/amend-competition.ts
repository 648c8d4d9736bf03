import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { effectiveState } from '#lib/domain/competitions/clock.ts';
import { isFrozen } from '#lib/domain/competitions/lifecycle.ts';
import type { AmendedRules, Amendment, CompetitionSettings, RuleChange } from '#lib/domain/competitions/types.ts';
import { canonicalEqual } from '#lib/domain/shared/equal.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { recordAct } from '../../audit/index.ts';
import { forgetCompetition, freshCompetition } from '../cache.ts';
import { Competition, type StoredAmendment } from '../model.ts';
import { resourceOf } from '../queries.ts';
import { settingsOf, toView, type CompetitionView } from '../views.ts';

/** The rules that really change; refuses what would take an answer's question away. */
const ruleChanges = (before: CompetitionSettings, given: AmendedRules): RuleChange[] => {
	if (given.tracks) {
		const kept = new Map(given.tracks.map((track) => [track.key, new Map(track.questions.map(({ key, type }) => [key, type]))]));
		for (const [t, track] of before.tracks.entries())
			if (!track.questions.every(({ key, type }) => kept.get(track.key)?.get(key) === type)) throw invalidField(`tracks[${t}].questions`, 'amend_keeps_questions');
	}
	return (Object.keys(given) as (keyof AmendedRules)[])
		.filter((part) => given[part] !== undefined && !canonicalEqual(given[part], before[part]))
		.map((part) => ({ part, before: before[part], after: given[part] }) as RuleChange);
};

/**
 * Publishes an amendment of an open call: a text every applicant is told of, and where wanted a later closing or other
 * rules, kept with what they replace. An earlier closing is refused, so is one at or after the end of
 * scoring, and once the call has closed so is moving it or
 * changing its rules. What people have answered stays: no track, question or type of one goes. Event
 * `competition.amended`.
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
	const { scoringUntil } = stored.timeline;
	if (closesAt && scoringUntil && closesAt >= scoringUntil)
		throw invalidField('closesAt', 'amend_past_scoring', { until: scoringUntil.toISOString() });
	const changes = ruleChanges(settingsOf(stored), input.changes ?? {});
	if (changes.length > 0 && state !== 'open') throw conflict('amend_rules_closed');
	const rules = Object.fromEntries(changes.map(({ part, after: rule }) => [part, rule]));
	const amendment: StoredAmendment = {
		at,
		text: input.text,
		byName: actor.kind === 'user' ? actor.name : '',
		closesAt,
		closedAt: closesAt ? stored.timeline.closesAt : null,
		changes
	};
	const after = await Competition.findOneAndUpdate(
		{ _id: toId(id), version: input.version },
		{
			$push: { amendments: amendment },
			$set: { ...rules, ...(closesAt ? { 'timeline.closesAt': closesAt } : {}) },
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
		detail: { text: input.text, closesAt: input.closesAt, changed: changes.map(({ part }) => part) }
	});
	await publish({
		kind: 'competition.amended',
		key: `competition.amended:${id}:${after.version}`,
		payload: { competition: id, text: input.text, closesAt: input.closesAt }
	});
	return toView(after, at);
};
