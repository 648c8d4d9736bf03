import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { mayBecome } from '#lib/domain/organizations/lifecycle.ts';
import type { ApplicationDecision, Resubmission } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { conflict, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { hashSecret } from '#lib/server/platform/secrets.ts';
import { peopleWithRole } from '../../accounts/index.ts';
import { loadFor, personOf } from '../access.ts';
import { changeOrganization } from '../change.ts';
import { searchKeysOf } from '../codes.ts';
import { entry } from '../history.ts';
import { Organization, type OrganizationDocument } from '../model.ts';
import { Member } from '../records-model.ts';
import { refreshSummary } from '../records.ts';
import { newestGateVersion } from '../standards.ts';
import { viewOf, type OrganizationView } from '../view.ts';
import { pendingKeyOf } from './apply.ts';

/** Refuses a mentor who does not work at the station, at the field. */
export const checkMentors = async (station: string, mentors: { mentor: string; secondMentor: string }): Promise<void> => {
	const wanted = Object.entries(mentors).filter(([, id]) => id !== '');
	if (wanted.length === 0) return;
	const staff = new Set((await peopleWithRole(station, ['worker', 'head'])).map(({ id }) => id));
	for (const [field, id] of wanted) if (!staff.has(id)) throw invalidField(field, 'not_station_staff');
	if (mentors.mentor === mentors.secondMentor) throw invalidField('secondMentor', 'second_mentor_same');
};

const steps = {
	accept: { to: 'incubating', action: 'accepted' },
	return: { to: 'returned', action: 'application_returned' },
	decline: { to: 'declined', action: 'declined' }
} as const;

/**
 * Accepts an application into the first stage, returns it with what is missing, or declines it with the reason. A
 * worker who accepts without naming a mentor becomes the mentor.
 */
export const decideApplication = async (actor: Actor, id: string, decision: ApplicationDecision): Promise<OrganizationView> => {
	const organization = await loadFor(actor, id, 'organization.decideApplication');
	const { to, action } = steps[decision.action];
	if (!mayBecome(organization.status, to) || organization.status === 'exited' || organization.incubatingSince)
		throw conflict('not_an_application', {}, await viewOf(actor, organization));
	const at = now();
	const accepted = decision.action === 'accept';
	const mentor = decision.mentor || (actor.kind === 'user' ? actor.id : '');
	if (accepted) await checkMentors(organization.station, { mentor, secondMentor: decision.secondMentor });
	const criteriaVersion = accepted ? await newestGateVersion(organization.station) : 0;
	const changed = await changeOrganization(
		actor,
		organization,
		decision.version,
		{
			status: to,
			statusSince: at,
			...(accepted
				? { incubatingSince: at, stageSince: at, lastEvidenceAt: at, criteriaVersion, mentor: mentor || null, secondMentor: decision.secondMentor || null }
				: {})
		},
		entry(action, personOf(actor), { at, reason: decision.reason }),
		decision.action === 'return' ? {} : { unset: { pendingKey: 1 } }
	);
	if (accepted) await enterApplicant(changed, at);
	return viewOf(actor, changed);
};

/** The applicant is the first on the roster, as somebody who may become a core member. */
const enterApplicant = async (organization: OrganizationDocument, at: Date): Promise<void> => {
	const id = organization._id.toHexString();
	const { name, phone, userId } = organization.applicant;
	await Member.updateOne(
		{ organization: id, name, phone },
		{
			$setOnInsert: {
				_id: newId(),
				organization: id,
				name,
				phone,
				role: 'core',
				prospective: true,
				joinedOn: dayOf(at),
				leftOn: '',
				note: '',
				userId,
				createdAt: at,
				version: 0
			}
		},
		{ upsert: true }
	);
	await refreshSummary(organization);
};

const sendAgain = async (
	actor: Actor,
	organization: OrganizationDocument,
	version: number,
	input: Resubmission
): Promise<OrganizationDocument> => {
	if (organization.status !== 'returned') throw conflict('not_returned', {}, await viewOf(actor, organization));
	const at = now();
	try {
		return await changeOrganization(
			actor,
			organization,
			version,
			{
				name: input.name,
				searchKeys: searchKeysOf(input.name, organization.code),
				category: input.category,
				purpose: input.purpose,
				foundedOn: input.foundedOn,
				communities: input.community ? [input.community] : [],
				status: 'applied',
				statusSince: at,
				pendingKey: pendingKeyOf(organization.station, input.name, input.applicantPhone),
				'applicant.name': input.applicantName,
				'applicant.phone': input.applicantPhone,
				'applicant.memberCount': input.memberCount
			},
			entry('resubmitted', personOf(actor, input.applicantName), { at })
		);
	} catch (error) {
		if (isDuplicateKey(error)) throw invalidField('name', 'application_exists');
		throw error;
	}
};

/** Sends a returned application again, by its leader or a worker. */
export const resubmitApplication = async (
	actor: Actor,
	id: string,
	input: Resubmission,
	version: number
): Promise<OrganizationView> => {
	const organization = await loadFor(actor, id, 'organization.resubmit');
	return viewOf(actor, await sendAgain(actor, organization, version, input));
};

/** Sends a returned application again with the receipt's secret: for applicants without an account. */
export const resubmitByReceipt = async (receipt: string, input: Resubmission, version: number): Promise<void> => {
	const organization = await Organization.findOne({ receiptHash: hashSecret(receipt) }).lean();
	if (!organization) throw notFound();
	await sendAgain({ kind: 'anonymous' }, organization, version, input);
};
