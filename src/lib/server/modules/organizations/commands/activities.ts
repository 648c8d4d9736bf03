import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import type { ActivityInput } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId, toIds } from '#lib/server/platform/db/index.ts';
import { invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { personOf } from '../access.ts';
import { Activity, Member } from '../records-model.ts';
import { refreshSummary } from '../records.ts';
import { loadRecorded } from './roster.ts';

const check = async (organization: string, input: ActivityInput): Promise<ActivityInput> => {
	if (input.heldOn > dayOf(now())) throw invalidField('heldOn', 'day_in_future');
	const attendees = [...new Set(input.attendees)];
	const known = await Member.countDocuments({ _id: { $in: toIds(attendees) }, organization });
	if (known !== attendees.length) throw invalidField('attendees', 'not_on_roster');
	return { ...input, attendees };
};

/**
 * Records something that took place. `entry` is an id the form carries: sending it twice records one activity.
 */
export const recordActivity = async (
	actor: Actor,
	organizationId: string,
	input: ActivityInput,
	entry?: string
): Promise<{ id: string }> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const checked = await check(organizationId, input);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	try {
		await Activity.create({ _id, organization: organizationId, ...checked, enteredBy: personOf(actor), createdAt: now() });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await Activity.exists({ _id, organization: organizationId }))) throw notFound();
		return { id };
	}
	await refreshSummary(organization);
	await recordAct({
		chain: `organization:${organizationId}`,
		actor,
		action: 'activity_recorded',
		subject: id,
		detail: { kind: input.kind, heldOn: input.heldOn, people: checked.attendees.length + input.guests }
	});
	return { id };
};

/** Corrects a recorded activity from the version seen. */
export const editActivity = async (
	actor: Actor,
	organizationId: string,
	activityId: string,
	input: ActivityInput,
	version: number
): Promise<void> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const checked = await check(organizationId, input);
	const { modifiedCount } = await Activity.updateOne(
		{ _id: toId(activityId), organization: organizationId, deletedAt: null, version },
		{ $set: checked, $inc: { version: 1 } }
	);
	if (modifiedCount === 0) {
		const present = await Activity.findOne({ _id: toId(activityId), organization: organizationId, deletedAt: null }).lean();
		if (!present) throw notFound();
		const { _id, ...current } = present;
		throw stale({ id: _id.toHexString(), ...current });
	}
	await refreshSummary(organization);
	await recordAct({ chain: `organization:${organizationId}`, actor, action: 'activity_edited', subject: activityId });
};

/** Takes an activity back, or brings it back; doing so twice changes nothing. */
export const setActivityRemoved = async (
	actor: Actor,
	organizationId: string,
	activityId: string,
	removed: boolean
): Promise<void> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const { matchedCount, modifiedCount } = await Activity.updateOne(
		{ _id: toId(activityId), organization: organizationId },
		{ $set: { deletedAt: removed ? now() : null }, $inc: { version: 1 } }
	);
	if (matchedCount === 0) throw notFound();
	if (modifiedCount === 0) return;
	await refreshSummary(organization);
	await recordAct({
		chain: `organization:${organizationId}`,
		actor,
		action: removed ? 'activity_removed' : 'activity_restored',
		subject: activityId
	});
};
