import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Competency } from '#lib/domain/organizations/tool-terms.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { loadFor, resourceOf } from '../access.ts';
import { Member, type MemberDocument } from '../records-model.ts';
import { Training } from '../tools-model.ts';

export type GrowthView = {
	competencies: Competency[];
	providerSince: string;
	/** Newest first. */
	mentoring: { at: Date; by: string; text: string }[];
	version: number;
};

export const growthView = (member: Pick<MemberDocument, 'competencies' | 'providerSince' | 'mentoring' | 'version'>): GrowthView => ({
	competencies: member.competencies ?? [],
	providerSince: member.providerSince ?? '',
	mentoring: (member.mentoring ?? []).map(({ at, by, text }) => ({ at, by: by.name, text })),
	version: member.version
});

/** How a member grows, with the trainings they attended; notes only for those who may read contacts. */
export const memberGrowth = async (
	actor: Actor,
	organizationId: string,
	memberId: string
): Promise<GrowthView & { trainings: { id: string; title: string; heldOn: string }[] }> => {
	const organization = await loadFor(actor, organizationId, 'organization.read');
	const member = await Member.findOne({ _id: toId(memberId), organization: organizationId }).lean();
	if (!member) throw notFound();
	const trainings = await Training.find(
		{ 'attendees.organization': organizationId, 'attendees.member': memberId, deletedAt: null },
		{ title: 1, heldOn: 1 }
	)
		.sort({ heldOn: -1 })
		.limit(50)
		.lean();
	const view = growthView(member);
	return {
		...view,
		mentoring: can(actor, 'organization.readContacts', resourceOf(organization)) ? view.mentoring : [],
		trainings: trainings.map(({ _id, title, heldOn }) => ({ id: _id.toHexString(), title, heldOn }))
	};
};
