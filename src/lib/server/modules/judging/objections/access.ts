import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { notFound, stale } from '#lib/server/platform/errors.ts';
import { competitionById, resourceOf, type CompetitionView } from '../../competitions/index.ts';
import { Objection, type ObjectionDocument } from '../objections-model.ts';

/**
 * How somebody stands to an objection. Whoever runs the competition sees all of it; a member of the committee too; the
 * organization concerned reads what is objected to, and by whom only if the objector agreed.
 */
export type Standing = {
	reads: boolean;
	organizes: boolean;
	corrects: boolean;
	sits: boolean;
	speaksForGroup: boolean;
};

export const standingOf = (actor: Actor, objection: ObjectionDocument, competition: CompetitionView): Standing => {
	const resource = resourceOf(competition);
	const seat = actor.kind === 'user' ? objection.committee.find(({ user }) => user === actor.id) : undefined;
	return {
		reads: can(actor, 'objection.read', resource),
		organizes: can(actor, 'objection.organize', resource),
		corrects: can(actor, 'objection.correct', resource),
		sits: seat !== undefined && can(actor, 'objection.sit', { owner: seat.user }),
		speaksForGroup:
			objection.proposal !== null && can(actor, 'objection.speakForGroup', { organization: objection.proposal.organization })
	};
};

/** An objection with the actor's standing; 404 for everybody who has none. */
export const objectionFor = async (
	actor: Actor,
	id: string
): Promise<{ objection: ObjectionDocument; competition: CompetitionView; standing: Standing }> => {
	const objection = await Objection.findById(toId(id)).lean();
	if (!objection) throw notFound();
	const competition = await competitionById(objection.competition);
	const standing = standingOf(actor, objection, competition);
	if (!standing.reads && !standing.sits && !standing.speaksForGroup) throw notFound();
	return { objection, competition, standing };
};

/** Writes a change onto the version that was read; 409 when somebody else was first. */
export const change = async (
	before: ObjectionDocument,
	update: { $set?: Partial<ObjectionDocument>; $push?: Record<string, unknown> },
	also: Record<string, unknown> = {}
): Promise<ObjectionDocument> => {
	const after = await Objection.findOneAndUpdate(
		{ _id: before._id, version: before.version, ...also },
		{ ...update, $inc: { version: 1 } },
		{ returnDocument: 'after' }
	).lean();
	if (after) return after;
	const current = await Objection.findById(before._id, { version: 1, status: 1 }).lean();
	throw stale({ version: current?.version ?? null, status: current?.status ?? null });
};
