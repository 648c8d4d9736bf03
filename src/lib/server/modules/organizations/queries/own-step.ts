import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { gateOf } from '#lib/domain/organizations/lifecycle.ts';
import { nextAction } from '#lib/domain/organizations/next-action.ts';
import { now } from '#lib/server/platform/clock.ts';
import { attentionFacts } from '../attention.ts';
import type { OrganizationDocument } from '../model.ts';
import { asRecords, gateBy, loadRecords, presentCriteria } from '../records.ts';

/** What the computation below reads of an organization. */
export const stepFields = { stage: 1, stageSince: 1, atGraduation: 1, mode: 1, criteriaVersion: 1, proposals: 1, gate: 1, supervisedOn: 1 } as const;

/** The part of an organization it is read from. */
export type Stepping = Pick<
	OrganizationDocument,
	| '_id' | 'name' | 'station' | 'status' | 'statusSince' | 'stage' | 'atGraduation' | 'mode' | 'criteriaVersion' | 'proposals' | 'gate'
	| 'mentor' | 'lastEvidenceAt' | 'incubatingSince' | 'createdAt' | 'maturity' | 'supervisedOn'
>;

/**
 * What a group can do next for its present gate, for its leader's home page; null when the next step is not the group's.
 * Reads the records of one organization.
 */
export const ownStep = async (organization: Stepping): Promise<WorkItem | null> => {
	if (organization.status !== 'incubating' || !organization.mentor || organization.gate.proposedAt) return null;
	const id = organization._id.toHexString();
	const [criteria, stored] = await Promise.all([presentCriteria(organization), loadRecords(id)]);
	const gate = gateBy(organization, criteria, asRecords(stored, organization.proposals));
	const next = nextAction({ ...attentionFacts(organization), gateName: gateOf(organization), gate }, now());
	const label = criteria.find(({ key }) => key === next.criterion)?.label;
	if (next.code !== 'criterion' || (next.who !== 'group' && next.who !== 'together') || !label) return null;
	return {
		code: 'group_step',
		params: { name: organization.name, labelZh: label['zh-CN'], labelEn: label.en, figure: next.params.figure ?? 0, target: next.params.target ?? 0 },
		href: `/app/organizations/${id}#criterion-${next.criterion ?? ''}`,
		due: null,
		urgency: 3
	};
};
