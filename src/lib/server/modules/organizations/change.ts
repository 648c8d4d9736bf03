import type { Actor } from '#lib/domain/accounts/types.ts';
import { isPublic } from '#lib/domain/organizations/lifecycle.ts';
import type { OrganizationStatus } from '#lib/domain/organizations/types.ts';
import { notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../audit/index.ts';
import { attentionAfter } from './attention.ts';
import { refreshMaturityTally } from './maturity-tallies.ts';
import { Organization, type HistoryEntry, type OrganizationDocument } from './model.ts';
import { refreshTally } from './tallies.ts';
import { viewOf } from './view.ts';

/**
 * The one way an organization's own document changes: only from the version the actor saw, with its history in the
 * same write. A stale one is refused with the present state. `still` holds what else must be true at that moment.
 */
export const changeOrganization = async (
	actor: Actor,
	organization: OrganizationDocument,
	version: number,
	set: Record<string, unknown>,
	history: HistoryEntry | null,
	more: { unset?: Record<string, 1>; push?: Record<string, unknown>; still?: Record<string, unknown> } = {}
): Promise<OrganizationDocument> => {
	const changed = await Organization.findOneAndUpdate(
		{ _id: organization._id, version, status: organization.status, ...more.still },
		{
			$set: { ...set, attentionAt: attentionAfter(organization, set), ...('status' in set ? { listed: isPublic(set.status as OrganizationStatus) } : {}) },
			...(more.unset ? { $unset: more.unset } : {}),
			...(history || more.push ? { $push: { ...(history ? { history } : {}), ...more.push } } : {}),
			$inc: { version: 1 }
		},
		{ returnDocument: 'after' }
	).lean();
	if (!changed) {
		const present = await Organization.findById(organization._id).lean();
		if (!present) throw notFound();
		throw stale(await viewOf(actor, present));
	}
	if (['status', 'stage', 'atGraduation', 'category'].some((key) => key in set)) await refreshTally(changed.station, changed.stationPath);
	if (['status', 'category', 'communities', 'foundedOn'].some((key) => key in set)) await refreshMaturityTally(changed.station, changed.stationPath);
	if (history)
		await recordAct({
			chain: `organization:${organization._id.toHexString()}`,
			actor,
			action: history.action,
			subject: organization._id.toHexString(),
			detail: { gate: history.gate, criterion: history.criterion, reason: history.reason, ...history.detail }
		});
	return changed;
};
