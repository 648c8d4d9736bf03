import { scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { GateName } from '#lib/domain/organizations/lifecycle.ts';
import { gateOf } from '#lib/domain/organizations/lifecycle.ts';
import type { Category, Filing, OrganizationStatus, Stage } from '#lib/domain/organizations/types.ts';
import { toIds } from '#lib/server/platform/db/index.ts';
import { Organization, type OrganizationDocument } from '../model.ts';
import { Member } from '../records-model.ts';

/** What other modules need of an organization: eligibility, prefilled proposals, conflicts of interest. */
export type OrganizationFacts = {
	id: string;
	code: string;
	name: string;
	purpose: string;
	category: Category;
	status: OrganizationStatus;
	stage: Stage;
	gate: GateName;
	filing: Filing;
	filingNumber: string;
	host: string;
	station: string;
	stationPath: string[];
	communities: string[];
	foundedOn: string;
	memberCount: number;
	mentor: string | null;
	secondMentor: string | null;
	/** The present leader of the roster, or the applicant while there is none. */
	leader: { name: string; phone: string; userId: string | null };
	/** Everybody on the roster now. */
	members: { name: string; phone: string; role: string; userId: string | null }[];
};

const fields = { history: 0, searchKeys: 0, maturity: 0, 'gate.attestations': 0, 'gate.waivers': 0 } as const;

const factsFrom = async (organizations: Omit<OrganizationDocument, 'history' | 'searchKeys' | 'maturity'>[]): Promise<Map<string, OrganizationFacts>> => {
	const ids = organizations.map(({ _id }) => _id.toHexString());
	const members = await Member.find({ organization: { $in: ids }, leftOn: '' }, { organization: 1, name: 1, phone: 1, role: 1, userId: 1 })
		.sort({ organization: 1, leftOn: 1, joinedOn: 1, _id: 1 })
		.lean();
	const grouped = new Map<string, typeof members>(ids.map((id) => [id, []]));
	for (const member of members) grouped.get(member.organization)?.push(member);
	return new Map(
		organizations.map((organization) => {
			const id = organization._id.toHexString();
			const roster = (grouped.get(id) ?? []).map(({ name, phone, role, userId }) => ({ name, phone, role, userId }));
			const { name, phone, userId } = roster.find(({ role }) => role === 'leader') ?? organization.applicant;
			return [
				id,
				{
					id,
					code: organization.code,
					name: organization.name,
					purpose: organization.purpose,
					category: organization.category,
					status: organization.status,
					stage: organization.stage,
					gate: gateOf(organization),
					filing: organization.filing,
					filingNumber: organization.filingNumber,
					host: organization.host,
					station: organization.station,
					stationPath: organization.stationPath,
					communities: organization.communities,
					foundedOn: organization.foundedOn,
					memberCount: organization.memberCount,
					mentor: organization.mentor,
					secondMentor: organization.secondMentor,
					leader: { name, phone, userId },
					members: roster
				}
			];
		})
	);
};

/**
 * Facts of several organizations at once, for modules that decide with them; two reads. The caller has checked that
 * its actor may use them.
 */
export const organizationsFacts = async (ids: readonly string[]): Promise<Map<string, OrganizationFacts>> => {
	if (ids.length === 0) return new Map();
	const organizations = await Organization.find({ _id: { $in: toIds([...new Set(ids)]) } }, fields).lean();
	return factsFrom(organizations);
};

/** Facts of one organization, or null. */
export const organizationFacts = async (id: string): Promise<OrganizationFacts | null> =>
	(await organizationsFacts([id])).get(id) ?? null;

export type OwnOrganization = { id: string; code: string; name: string; station: string; status: OrganizationStatus; stage: Stage; filing: Filing; category: Category };

/** The organizations a person leads or belongs to by account. */
export const organizationsOfUser = async (actor: Actor): Promise<OwnOrganization[]> => {
	const ids = scopeIds(actor, 'organization', ['leader', 'member']);
	if (ids.length === 0) return [];
	const organizations = await Organization.find(
		{ _id: { $in: toIds(ids) } },
		{ code: 1, name: 1, station: 1, status: 1, stage: 1, filing: 1, category: 1 }
	)
		.sort({ name: 1, _id: 1 })
		.lean();
	return organizations.map(({ _id, ...rest }) => ({ id: _id.toHexString(), ...rest }));
};

/** Names and codes by id, for other modules' pages; unknown ids are left out. */
export const organizationNames = async (ids: readonly string[]): Promise<Map<string, { name: string; code: string }>> => {
	if (ids.length === 0) return new Map();
	const organizations = await Organization.find({ _id: { $in: toIds([...new Set(ids)]) } }, { name: 1, code: 1 }).lean();
	return new Map(organizations.map(({ _id, name, code }) => [_id.toHexString(), { name, code }]));
};
