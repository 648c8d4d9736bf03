import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { effectiveState } from '#lib/domain/competitions/clock.ts';
import { frozenChanges, isFrozen } from '#lib/domain/competitions/lifecycle.ts';
import type { SetupPart } from '#lib/domain/competitions/setup-parts.ts';
import type { CompetitionPatch } from '#lib/domain/competitions/types.ts';
import { canonicalEqual } from '#lib/domain/shared/equal.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, toId } from '#lib/server/platform/db/index.ts';
import { AppError, conflict, forbidden, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { forgetCompetition, freshCompetition } from '../cache.ts';
import { Competition } from '../model.ts';
import { resourceOf } from '../queries.ts';
import { settingsOf, storeTimeline, toView, type CompetitionView } from '../views.ts';

/**
 * Changes settings of a competition. From opening on, what applicants rely on is frozen: a change of it is refused
 * (409 `frozen`, naming the parts); see `amendCompetition`. `part` is the page of the guide it was saved on.
 */
export const editCompetition = async (actor: Actor, id: string, input: CompetitionPatch, part?: SetupPart): Promise<CompetitionView> => {
	const stored = await freshCompetition(id);
	const before = toView(stored, now());
	if (!can(actor, 'competition.readWork', resourceOf(before))) throw notFound();
	if (!can(actor, 'competition.manage', resourceOf(before))) throw forbidden();
	const { version, timeline, ...rest } = input;
	if (version !== before.version) throw stale(before);
	const state = effectiveState(stored, now());
	if (state === 'closed' || state === 'cancelled') throw conflict('competition_over');
	const settings = settingsOf(stored);
	if (isFrozen(state)) {
		const parts = frozenChanges(settings, input);
		if (parts.length > 0)
			throw new AppError('conflict', 'frozen', {
				params: { parts: parts.join(', ') },
				issues: parts.map((part) => ({ path: part, code: 'frozen_part' }))
			});
	}
	if (!isFrozen(state) && state === 'announced' && timeline && new Date(timeline.closesAt) <= now())
		throw invalidField('timeline.closesAt', 'comp_closes_in_past');
	// Before it is announced the list of gaps says so; from then on people rely on the dates.
	if (state !== 'draft' && timeline?.scoringUntil && new Date(timeline.scoringUntil) <= new Date(timeline.closesAt))
		throw invalidField('timeline.scoringUntil', 'comp_scoring_before_closing');
	const changes = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
	const changed = Object.keys({ ...changes, ...(timeline ? { timeline } : {}) }).filter(
		(part) => !canonicalEqual((input as Record<string, unknown>)[part], (settings as Record<string, unknown>)[part])
	);
	try {
		const after = await Competition.findOneAndUpdate(
			{ _id: toId(id), version },
			{ $set: { ...changes, ...(timeline ? { timeline: storeTimeline(timeline) } : {}) }, ...(part ? { $addToSet: { checkedParts: part } } : {}), $inc: { version: 1 } },
			{ returnDocument: 'after', lean: true }
		);
		forgetCompetition(id);
		if (!after) throw stale(toView(await freshCompetition(id), now()));
		await recordAct({ chain: `competition:${id}`, actor, action: 'competition_edited', subject: id, detail: { changed } });
		return toView(after, now());
	} catch (error) {
		if (isDuplicateKey(error)) throw invalidField('slug', 'slug_taken');
		throw error;
	}
};
