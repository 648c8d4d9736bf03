import { attentionAt, supervisionDue, type AttentionFacts } from '#lib/domain/organizations/attention.ts';
import { assessmentDue } from '#lib/domain/organizations/maturity.ts';
import { Organization, type OrganizationDocument } from './model.ts';

type Watched = Pick<
	OrganizationDocument,
	'status' | 'statusSince' | 'mentor' | 'lastEvidenceAt' | 'incubatingSince' | 'createdAt' | 'mode' | 'maturity' | 'supervisedOn'
> & { gate: Pick<OrganizationDocument['gate'], 'proposedAt'> };

/** The fields below, for reads that need nothing else. */
export const watchedFields = {
	status: 1, statusSince: 1, mentor: 1, lastEvidenceAt: 1, incubatingSince: 1, createdAt: 1, mode: 1, 'maturity.station.at': 1, supervisedOn: 1,
	'gate.proposedAt': 1
} as const;

/** What decides when somebody has to look at an organization. */
export const attentionFacts = (organization: Watched): AttentionFacts => {
	const since = organization.incubatingSince ?? organization.createdAt;
	return {
		status: organization.status,
		statusSince: organization.statusSince,
		mentor: organization.mentor,
		proposedAt: organization.gate.proposedAt,
		lastEvidenceAt: organization.lastEvidenceAt,
		assessmentDueAt: assessmentDue(organization.maturity.station?.at ?? null, since),
		supervisionDueAt: supervisionDue(organization.supervisedOn ?? '', since, organization.mode)
	};
};

/** The column lists are sorted by. */
export const attentionOf = (organization: Watched): Date => attentionAt(attentionFacts(organization));

/** The column as it is once `set` (with dotted names) has been written. */
export const attentionAfter = (organization: OrganizationDocument, set: Record<string, unknown>): Date => {
	const changed = { ...organization, gate: { ...organization.gate } };
	for (const [key, value] of Object.entries(set))
		if (key.startsWith('gate.')) Object.assign(changed.gate, { [key.slice('gate.'.length)]: value });
		else Object.assign(changed, { [key]: value });
	return attentionOf(changed);
};

const chunk = 500;

/** Writes the column anew for all organizations; for data from before there was one. */
export const refreshAllAttention = async (): Promise<void> => {
	let writes: Parameters<typeof Organization.bulkWrite>[0] = [];
	for await (const row of Organization.find({}, watchedFields).lean<(Watched & { _id: OrganizationDocument['_id'] })[]>().cursor()) {
		writes.push({ updateOne: { filter: { _id: row._id }, update: { $set: { attentionAt: attentionOf(row) } } } });
		if (writes.length < chunk) continue;
		await Organization.bulkWrite(writes, { ordered: false });
		writes = [];
	}
	if (writes.length > 0) await Organization.bulkWrite(writes, { ordered: false });
};
