import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { gateOf, type GateName } from '#lib/domain/organizations/lifecycle.ts';
import { namesOf } from '../accounts/index.ts';
import { stationsByIds } from '../stations/index.ts';
import { maskPhone, resourceOf } from './access.ts';
import type { OrganizationDocument } from './model.ts';

type PersonName = { id: string; name: string } | null;

/** An organization as a person with rights sees it; `applicant.phone` is masked for those without contacts' rights. */
export type OrganizationView = Pick<
	OrganizationDocument,
	| 'code'
	| 'name'
	| 'category'
	| 'mode'
	| 'modeReason'
	| 'station'
	| 'stationPath'
	| 'communities'
	| 'purpose'
	| 'origin'
	| 'foundedOn'
	| 'filing'
	| 'filingNumber'
	| 'host'
	| 'status'
	| 'statusSince'
	| 'stage'
	| 'atGraduation'
	| 'stageSince'
	| 'memberCount'
	| 'lastEvidenceAt'
	| 'maturity'
	| 'version'
> & {
	id: string;
	gate: GateName;
	stationName: string;
	communityNames: string[];
	mentor: PersonName;
	secondMentor: PersonName;
	applicant: { name: string; phone: string; memberCount: number; at: Date; enteredBy: string | null };
	proposal: { by: string; at: Date; reason: string; own: boolean } | null;
};

/** An organization without what only its own page needs. */
export type ListedOrganization = Omit<OrganizationDocument, 'history' | 'searchKeys' | 'proposals'>;

/** Shows organizations with the names behind their ids: two reads for any number of them. */
export const viewsOf = async (actor: Actor, organizations: readonly ListedOrganization[]): Promise<OrganizationView[]> => {
	const [people, stations] = await Promise.all([
		namesOf(organizations.flatMap(({ mentor, secondMentor }) => [mentor, secondMentor].filter((id) => id !== null))),
		stationsByIds(organizations.map(({ station }) => station))
	]);
	const person = (id: string | null): PersonName => (id ? { id, name: people.get(id) ?? '' } : null);
	return organizations.map((organization) => {
		const station = stations.get(organization.station);
		const contacts = can(actor, 'organization.readContacts', resourceOf(organization));
		const { applicant, gate } = organization;
		return {
			id: organization._id.toHexString(),
			code: organization.code,
			name: organization.name,
			category: organization.category,
			mode: organization.mode,
			modeReason: organization.modeReason,
			station: organization.station,
			stationPath: organization.stationPath,
			stationName: station?.name ?? '',
			communities: organization.communities,
			communityNames: organization.communities.map(
				(key) => station?.communities.find((community) => community.key === key)?.name ?? key
			),
			purpose: organization.purpose,
			origin: organization.origin,
			foundedOn: organization.foundedOn,
			filing: organization.filing,
			filingNumber: organization.filingNumber,
			host: organization.host,
			status: organization.status,
			statusSince: organization.statusSince,
			stage: organization.stage,
			atGraduation: organization.atGraduation,
			gate: gateOf(organization),
			stageSince: organization.stageSince,
			memberCount: organization.memberCount,
			lastEvidenceAt: organization.lastEvidenceAt,
			maturity: organization.maturity,
			mentor: person(organization.mentor),
			secondMentor: person(organization.secondMentor),
			applicant: {
				name: applicant.name,
				phone: contacts ? applicant.phone : maskPhone(applicant.phone),
				memberCount: applicant.memberCount,
				at: applicant.at,
				enteredBy: applicant.enteredBy?.name ?? null
			},
			proposal: gate.proposedAt
				? {
						by: gate.proposedByName,
						at: gate.proposedAt,
						reason: gate.proposalReason,
						own: actor.kind === 'user' && actor.id === gate.proposedBy
					}
				: null,
			version: organization.version
		};
	});
};

/** One organization as seen by the actor. */
export const viewOf = async (actor: Actor, organization: OrganizationDocument): Promise<OrganizationView> => {
	const [view] = await viewsOf(actor, [organization]);
	if (!view) throw new Error('one organization has one view');
	return view;
};
