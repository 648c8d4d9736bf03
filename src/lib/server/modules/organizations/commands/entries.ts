import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { countsOn, type EntryInput } from '#lib/domain/organizations/projects.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { personOf } from '../access.ts';
import { Meeting, OrganizationFile } from '../records-model.ts';
import { entryView } from '../queries/entries.ts';
import { refreshSummary } from '../records.ts';
import { GroupEntry } from '../tools-model.ts';
import { loadRecorded } from './roster.ts';

const dayFields = ['startedOn', 'closedOn', 'publishedOn', 'receivedOn'] as const;

const check = async (organization: string, input: EntryInput): Promise<void> => {
	const today = dayOf(now());
	for (const field of dayFields) if (field in input && (input as Record<string, unknown>)[field] as string > today) throw invalidField(field, 'day_in_future');
	if ('file' in input && input.file && !(await OrganizationFile.exists({ _id: toId(input.file), organization, deletedAt: null })))
		throw invalidField('file', 'choose_one');
	if ('meeting' in input && input.meeting && !(await Meeting.exists({ _id: toId(input.meeting), organization, deletedAt: null })))
		throw invalidField('meeting', 'choose_one');
};

/** Keeps an idea, a project of the group's own, published accounts or something from outside; `entry` makes a repeat one. */
export const recordEntry = async (actor: Actor, organizationId: string, input: EntryInput, entry?: string): Promise<{ id: string }> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	await check(organizationId, input);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	try {
		await GroupEntry.create({ _id, organization: organizationId, kind: input.kind, day: countsOn(input), content: input, enteredBy: personOf(actor), createdAt: now() });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await GroupEntry.exists({ _id, organization: organizationId }))) throw notFound();
		return { id };
	}
	await refreshSummary(organization);
	await recordAct({ chain: `organization:${organizationId}`, actor, action: `${input.kind}_recorded`, subject: id });
	return { id };
};

/** Changes an entry from the version seen; its kind stays. */
export const editEntry = async (actor: Actor, organizationId: string, entryId: string, input: EntryInput, version: number): Promise<void> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	await check(organizationId, input);
	const { modifiedCount } = await GroupEntry.updateOne(
		{ _id: toId(entryId), organization: organizationId, kind: input.kind, deletedAt: null, version },
		{ $set: { content: input, day: countsOn(input) }, $inc: { version: 1 } }
	);
	if (modifiedCount === 0) {
		const present = await GroupEntry.findOne({ _id: toId(entryId), organization: organizationId, kind: input.kind, deletedAt: null }).lean();
		throw present ? stale(entryView(present)) : notFound();
	}
	await refreshSummary(organization);
	await recordAct({ chain: `organization:${organizationId}`, actor, action: `${input.kind}_edited`, subject: entryId });
};

/** Takes an entry back, or brings it back. */
export const setEntryRemoved = async (actor: Actor, organizationId: string, entryId: string, removed: boolean): Promise<void> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const { matchedCount } = await GroupEntry.updateOne(
		{ _id: toId(entryId), organization: organizationId },
		{ $set: { deletedAt: removed ? now() : null }, $inc: { version: 1 } }
	);
	if (matchedCount === 0) throw notFound();
	await refreshSummary(organization);
	await recordAct({ chain: `organization:${organizationId}`, actor, action: removed ? 'entry_removed' : 'entry_restored', subject: entryId });
};
