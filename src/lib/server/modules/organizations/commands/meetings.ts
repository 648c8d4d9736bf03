import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { electionFaults } from '#lib/domain/organizations/elections.ts';
import { electedLast } from '#lib/domain/organizations/meetings.ts';
import type { MeetingInput } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { grantRole, revokeRole } from '../../accounts/index.ts';
import { recordAct } from '../../audit/index.ts';
import { personOf } from '../access.ts';
import type { OrganizationDocument } from '../model.ts';
import { Meeting, Member } from '../records-model.ts';
import { refreshSummary } from '../records.ts';
import { loadRecorded, yieldOffice } from './roster.ts';

/**
 * Refuses a vote of more people than the roster holds, and elections in each other's way. A talk with residents, where
 * nothing is voted on, may be larger than the group.
 */
const checkAgainstRecord = async (organization: string, input: MeetingInput, self: string): Promise<void> => {
	if (input.motions.every(({ kind }) => kind === 'other')) return;
	const there = await Member.countDocuments({ organization, $or: [{ leftOn: '' }, { leftOn: { $gt: input.heldOn } }] });
	if (input.eligible > there) throw invalidField('eligible', 'eligible_above_roster', { roster: there });
	if (!input.motions.some(({ kind }) => kind === 'elect_leader' || kind === 'elect_deputy')) return;
	const [stored, members] = await Promise.all([
		Meeting.find({ organization, deletedAt: null, 'motions.kind': { $in: ['elect_leader', 'elect_deputy'] } }, { minutes: 0 }).lean(),
		Member.find({ organization }, { name: 1, leftOn: 1 }).lean()
	]);
	const byId = new Map(members.map((member) => [member._id.toHexString(), member]));
	const others = stored.map((meeting) => ({ ...meeting, id: meeting._id.toHexString() }));
	const hasLeft = (member: string, day: string): boolean => {
		const leftOn = byId.get(member)?.leftOn ?? '';
		return leftOn !== '' && leftOn <= day;
	};
	const [fault] = electionFaults({ ...input, id: self }, others, hasLeft);
	if (fault) throw invalidField(`motions[${fault.motion}].${fault.field}`, fault.code, { day: fault.day, name: byId.get(fault.member)?.name ?? '' });
};

const check = async (organization: string, input: MeetingInput, self = ''): Promise<void> => {
	if (input.heldOn > dayOf(now())) throw invalidField('heldOn', 'day_in_future');
	const elections = input.motions.some((motion) => motion.kind === 'elect_leader' || motion.kind === 'elect_deputy');
	const roster = elections
		? new Set((await Member.find({ organization }, { _id: 1 }).lean()).map(({ _id }) => _id.toHexString()))
		: new Set<string>();
	for (const [index, motion] of input.motions.entries()) {
		const elects = motion.kind === 'elect_leader' || motion.kind === 'elect_deputy';
		if (elects && !roster.has(motion.candidate)) throw invalidField(`motions[${index}].candidate`, motion.candidate ? 'not_on_roster' : 'required');
		if (motion.kind === 'adopt_rule' && !motion.rule) throw invalidField(`motions[${index}].rule`, 'choose_one');
	}
	await checkAgainstRecord(organization, input, self);
};

/**
 * Lets the roster follow the latest carried elections, whatever order the meetings were entered in. The elected leader's
 * account, where there is one, gets the leader's rights; the former one keeps a member's. A leader without an account
 * takes nobody's rights away, so that somebody can go on recording.
 */
export const applyElections = async (organization: string): Promise<void> => {
	const stored = await Meeting.find({ organization, deletedAt: null }, { minutes: 0 }).lean();
	const meetings = stored.map((meeting) => ({ ...meeting, id: meeting._id.toHexString() }));
	for (const [kind, role] of [
		['elect_leader', 'leader'],
		['elect_deputy', 'deputy']
	] as const) {
		const elected = electedLast(meetings, kind);
		if (!elected) continue;
		const holder = await Member.findOneAndUpdate(
			{ _id: toId(elected.member), organization, leftOn: '' },
			{ $set: { role } },
			{ returnDocument: 'after' }
		).lean();
		if (!holder) continue;
		const former = await Member.find({ organization, role, leftOn: '', _id: { $ne: holder._id } }, { userId: 1 }).lean();
		await yieldOffice(organization, role, elected.member);
		if (role !== 'leader' || !holder.userId) continue;
		const scope = { scopeKind: 'organization', scopeId: organization } as const;
		await grantRole(holder.userId, { role: 'leader', ...scope });
		for (const { userId } of former) {
			if (!userId || userId === holder.userId) continue;
			await grantRole(userId, { role: 'member', ...scope });
			await revokeRole(userId, { role: 'leader', ...scope });
		}
	}
};

const follow = async (actor: Actor, organization: OrganizationDocument, action: string, meeting: string): Promise<void> => {
	const id = organization._id.toHexString();
	await applyElections(id);
	await refreshSummary(organization);
	await recordAct({ chain: `organization:${id}`, actor, action, subject: meeting });
};

/** Records a meeting with its votes; who was elected follows from the counts. `entry` makes a repeat one meeting. */
export const recordMeeting = async (
	actor: Actor,
	organizationId: string,
	input: MeetingInput,
	entry?: string
): Promise<{ id: string }> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	await check(organizationId, input, entry);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	try {
		await Meeting.create({ _id, organization: organizationId, ...input, enteredBy: personOf(actor), createdAt: now() });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await Meeting.exists({ _id, organization: organizationId }))) throw notFound();
		return { id };
	}
	await follow(actor, organization, 'meeting_recorded', id);
	return { id };
};

/** Corrects a recorded meeting from the version seen. */
export const editMeeting = async (
	actor: Actor,
	organizationId: string,
	meetingId: string,
	input: MeetingInput,
	version: number
): Promise<void> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	await check(organizationId, input, meetingId);
	const { modifiedCount } = await Meeting.updateOne(
		{ _id: toId(meetingId), organization: organizationId, deletedAt: null, version },
		{ $set: input, $inc: { version: 1 } }
	);
	if (modifiedCount === 0) {
		const present = await Meeting.findOne({ _id: toId(meetingId), organization: organizationId, deletedAt: null }).lean();
		if (!present) throw notFound();
		const { _id, ...current } = present;
		throw stale({ id: _id.toHexString(), ...current });
	}
	await follow(actor, organization, 'meeting_edited', meetingId);
};

/** Takes a meeting back, or brings it back. */
export const setMeetingRemoved = async (
	actor: Actor,
	organizationId: string,
	meetingId: string,
	removed: boolean
): Promise<void> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const { matchedCount } = await Meeting.updateOne(
		{ _id: toId(meetingId), organization: organizationId },
		{ $set: { deletedAt: removed ? now() : null }, $inc: { version: 1 } }
	);
	if (matchedCount === 0) throw notFound();
	await follow(actor, organization, removed ? 'meeting_removed' : 'meeting_restored', meetingId);
};
