import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { mayBecome, modeOf } from '#lib/domain/organizations/lifecycle.ts';
import type { Mentors, OrganizationPatch, StatusChange } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, forbidden, invalidField } from '#lib/server/platform/errors.ts';
import { stationById } from '../../stations/index.ts';
import { recordAct } from '../../audit/index.ts';
import { loadFor, personOf, resourceOf } from '../access.ts';
import { changeOrganization } from '../change.ts';
import { searchKeysOf } from '../codes.ts';
import { entry } from '../history.ts';
import { viewOf, type OrganizationView } from '../view.ts';
import { checkMentors } from './decide-application.ts';

/** What decides about rights and money: only the station's people change it. */
const standing = ['category', 'filing', 'filingNumber', 'host', 'mode', 'modeReason'] as const;

/** Changes what an organization says of itself. Filing, host and mode are the station's to set. */
export const editOrganization = async (actor: Actor, id: string, patch: OrganizationPatch): Promise<OrganizationView> => {
	const organization = await loadFor(actor, id, 'organization.edit');
	const { version, ...fields } = patch;
	const set = Object.fromEntries(
		Object.entries(fields).filter(
			([key, value]) =>
				value !== undefined && JSON.stringify(value) !== JSON.stringify(organization[key as keyof typeof fields])
		)
	);
	if (standing.some((key) => key in set) && !can(actor, 'organization.editStanding', resourceOf(organization)))
		throw forbidden('station_sets_standing');
	const category = patch.category ?? organization.category;
	// A change of category moves the mode along, unless a person had chosen or chooses it.
	const chosen = patch.mode ?? (organization.modeReason ? organization.mode : modeOf(category));
	if (chosen !== modeOf(category) && !(patch.modeReason ?? organization.modeReason)) throw invalidField('modeReason', 'reason_needed');
	if (chosen !== organization.mode) set.mode = chosen;
	if (patch.communities) {
		const station = await stationById(organization.station);
		const known = new Set(station.communities.map(({ key }) => key));
		if (patch.communities.some((key) => !known.has(key))) throw invalidField('communities', 'choose_one');
	}
	if (patch.name && patch.name !== organization.name) set.searchKeys = searchKeysOf(patch.name, organization.code);
	const history =
		chosen === organization.mode
			? null
			: entry('mode_changed', personOf(actor), { reason: patch.modeReason ?? '', detail: { mode: chosen } });
	const changed = await changeOrganization(actor, organization, version, set, history);
	await recordAct({
		chain: `organization:${id}`,
		actor,
		action: 'edited',
		subject: id,
		detail: { fields: Object.keys(set).filter((key) => key !== 'searchKeys') }
	});
	return viewOf(actor, changed);
};

/** Names the two people who look after an organization. */
export const assignMentors = async (actor: Actor, id: string, mentors: Mentors): Promise<OrganizationView> => {
	const organization = await loadFor(actor, id, 'organization.assignMentor');
	await checkMentors(organization.station, { mentor: mentors.mentor, secondMentor: mentors.secondMentor });
	const changed = await changeOrganization(
		actor,
		organization,
		mentors.version,
		{ mentor: mentors.mentor, secondMentor: mentors.secondMentor || null },
		entry('mentors_changed', personOf(actor))
	);
	return viewOf(actor, changed);
};

/** Puts an organization to sleep, lets it go, or takes it up again where it was; the reason is kept. */
export const changeStatus = async (actor: Actor, id: string, change: StatusChange): Promise<OrganizationView> => {
	const organization = await loadFor(actor, id, 'organization.changeStatus');
	const to = change.to === 'active' ? (organization.pausedFrom ?? 'incubating') : change.to;
	if (!mayBecome(organization.status, to) || (change.to === 'active' && !organization.pausedFrom))
		throw conflict('status_not_possible', {}, await viewOf(actor, organization));
	const at = now();
	const active = organization.status === 'incubating' || organization.status === 'graduated';
	const changed = await changeOrganization(
		actor,
		organization,
		change.version,
		{
			status: to,
			statusSince: at,
			pausedFrom: change.to === 'active' ? null : active ? organization.status : organization.pausedFrom,
			'gate.proposedBy': null,
			'gate.proposedAt': null,
			...(change.to === 'active' ? { lastEvidenceAt: at } : {})
		},
		entry(change.to === 'active' ? 'resumed' : change.to, personOf(actor), { at, reason: change.reason })
	);
	return viewOf(actor, changed);
};
