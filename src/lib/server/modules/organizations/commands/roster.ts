import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { isRecorded } from '#lib/domain/organizations/lifecycle.ts';
import type { MemberInput } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { can } from '#lib/domain/accounts/policy.ts';
import { invite, revokeRole } from '../../accounts/index.ts';
import { recordAct } from '../../audit/index.ts';
import { loadFor, resourceOf } from '../access.ts';
import type { OrganizationDocument } from '../model.ts';
import { Member, type MemberDocument } from '../records-model.ts';
import { refreshSummary } from '../records.ts';

/** Loads an organization whose life is recorded. */
export const loadRecorded = async (
	actor: Actor,
	id: string,
	action: Parameters<typeof loadFor>[2]
): Promise<OrganizationDocument> => {
	const organization = await loadFor(actor, id, action);
	if (!isRecorded(organization.status)) throw conflict('not_incubating');
	return organization;
};

const checkDays = (input: MemberInput): void => {
	if (input.joinedOn > dayOf(now())) throw invalidField('joinedOn', 'day_in_future');
	if (input.leftOn && input.leftOn < input.joinedOn) throw invalidField('leftOn', 'left_before_joined');
};

/** A group has one leader and one deputy: whoever held the office before goes on as a core member. */
export const yieldOffice = async (organization: string, role: MemberDocument['role'], holder: string): Promise<void> => {
	if (role !== 'leader' && role !== 'deputy') return;
	await Member.updateMany(
		{ organization, role, leftOn: '', _id: { $ne: toId(holder) } },
		{ $set: { role: 'core' }, $inc: { version: 1 } }
	);
};

/**
 * Puts a person on the roster. `entry` is an id the form carries: sending it twice adds one person.
 */
export const addMember = async (
	actor: Actor,
	organizationId: string,
	input: MemberInput,
	entry?: string
): Promise<{ id: string }> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	checkDays(input);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	if (input.phone) {
		const same = await Member.findOne({ organization: organizationId, phone: input.phone, name: input.name, leftOn: '' }, { _id: 1 }).lean();
		if (same && !same._id.equals(_id)) throw invalidField('name', 'member_exists');
	}
	try {
		await Member.create({ _id, organization: organizationId, ...input, createdAt: now() });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await Member.exists({ _id, organization: organizationId }))) throw notFound();
		return { id };
	}
	await yieldOffice(organizationId, input.role, id);
	await refreshSummary(organization);
	await recordAct({ chain: `organization:${organizationId}`, actor, action: 'member_added', subject: id, detail: { role: input.role } });
	return { id };
};

/** Changes a line of the roster from the version seen. Somebody who leaves gets a day; nobody is deleted. */
export const editMember = async (
	actor: Actor,
	organizationId: string,
	memberId: string,
	input: MemberInput,
	version: number
): Promise<void> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	checkDays(input);
	const changed = await Member.findOneAndUpdate(
		{ _id: toId(memberId), organization: organizationId, version },
		{ $set: input, $inc: { version: 1 } },
		{ returnDocument: 'after' }
	).lean();
	if (!changed) {
		const present = await Member.findOne({ _id: toId(memberId), organization: organizationId }).lean();
		if (!present) throw notFound();
		const { _id, ...current } = present;
		throw stale({ id: _id.toHexString(), ...current });
	}
	if (!input.leftOn) await yieldOffice(organizationId, input.role, memberId);
	if (input.leftOn && changed.userId)
		for (const role of ['leader', 'member'] as const)
			await revokeRole(changed.userId, { role, scopeKind: 'organization', scopeId: organizationId });
	await refreshSummary(organization);
	await recordAct({
		chain: `organization:${organizationId}`,
		actor,
		action: input.leftOn ? 'member_left' : 'member_edited',
		subject: memberId,
		detail: { role: input.role }
	});
};

/**
 * Makes a link with which a person on the roster gets an account, as the group's leader (a worker's to give) or as a
 * member. The secret is in the answer only.
 */
export const inviteMember = async (
	actor: Actor,
	organizationId: string,
	memberId: string,
	role: 'leader' | 'member'
): Promise<{ secret: string; expiresAt: Date }> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.inviteMember');
	if (role === 'leader' && !can(actor, 'gate.attest', resourceOf(organization))) throw forbidden();
	const member = await Member.findOne({ _id: toId(memberId), organization: organizationId, leftOn: '' }).lean();
	if (!member) throw notFound();
	return invite(actor, {
		grant: { role, scopeKind: 'organization', scopeId: organizationId },
		title: organization.name,
		name: member.name,
		reference: `member:${memberId}`,
		right: 'organization.inviteMember',
		resource: resourceOf(organization)
	});
};
