import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { attentionAt } from '#lib/domain/organizations/attention.ts';
import { modeOf } from '#lib/domain/organizations/lifecycle.ts';
import type { Application } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { AppError, forbidden, invalidField } from '#lib/server/platform/errors.ts';
import { countTry, type Limit } from '#lib/server/platform/limits.ts';
import { hashSecret, newSecret, sha256 } from '#lib/server/platform/secrets.ts';
import { createUser, grantRole, userByLogin } from '../../accounts/index.ts';
import { recordAct } from '../../audit/index.ts';
import { stationById, type StationView } from '../../stations/index.ts';
import { personOf } from '../access.ts';
import { codePrefix, nextCode, searchKeysOf, searchText } from '../codes.ts';
import { entry } from '../history.ts';
import { Organization } from '../model.ts';
import { refreshTally } from '../tallies.ts';

// A whole street office or training room may sit behind one address.
const byAddress: Limit = { name: 'apply-address', points: 30, seconds: 3600 };

export type Applied = {
	id: string;
	code: string;
	/** Opens the application's page without an account; null when the same application was there already. */
	receipt: string | null;
	/** The same person had already applied with this name at this station. */
	already: boolean;
};

/** One open application for each station, name and phone. */
export const pendingKeyOf = (station: string, name: string, phone: string): string =>
	sha256(`${station}\n${searchText(name)}\n${phone}`);

const checkedStation = async (input: Application): Promise<StationView> => {
	const station = await stationById(input.station).catch((error: unknown) => {
		throw error instanceof AppError ? invalidField('station', 'choose_one') : error;
	});
	if (station.level !== 'street' && station.level !== 'community') throw invalidField('station', 'choose_one');
	if (input.community && !station.communities.some(({ key }) => key === input.community))
		throw invalidField('community', 'choose_one');
	return station;
};

/**
 * Takes a group's application: from the group itself (anybody; throttled by address), or from a worker of the station
 * for the group (both names are kept). Sending it twice gives the first one back. With a password the applicant gets
 * an account under the phone number at once.
 */
export const applyForIncubation = async (
	actor: Actor,
	input: Application,
	from: { address: string; proxy: boolean }
): Promise<Applied> => {
	if (from.proxy && !can(actor, 'organization.enterFor', { station: input.station })) throw forbidden();
	if (!from.proxy && actor.kind !== 'system') await countTry(byAddress, from.address);
	const station = await checkedStation(input);
	const password = from.proxy ? '' : input.password;
	if (password && (await userByLogin(input.applicantPhone))) throw invalidField('password', 'phone_has_account');

	const at = now();
	const _id = newId();
	const id = _id.toHexString();
	const pendingKey = pendingKeyOf(input.station, input.name, input.applicantPhone);
	const known = await Organization.findOne({ pendingKey }, { code: 1 }).lean();
	if (known) return { id: known._id.toHexString(), code: known.code, receipt: null, already: true };

	const ownUser = !from.proxy && actor.kind === 'user' ? actor.id : null;
	const receipt = newSecret(24);
	const code = await nextCode(codePrefix(station.slug));
	const by = personOf(actor, input.applicantName);
	try {
		await Organization.create({
			_id,
			code,
			name: input.name,
			searchKeys: searchKeysOf(input.name, code),
			category: input.category,
			mode: modeOf(input.category),
			station: station.id,
			stationPath: station.path,
			communities: input.community ? [input.community] : [],
			purpose: input.purpose,
			origin: from.proxy ? 'scouted' : 'applied',
			foundedOn: input.foundedOn,
			status: 'applied',
			statusSince: at,
			stage: 'needs_survey',
			stageSince: at,
			applicant: {
				name: input.applicantName,
				phone: input.applicantPhone,
				memberCount: input.memberCount,
				at,
				consentAt: at,
				userId: ownUser,
				enteredBy: from.proxy ? by : null
			},
			pendingKey,
			receiptHash: hashSecret(receipt),
			gate: { proposedBy: null, proposedByName: '', proposedAt: null, proposalReason: '', attestations: [], waivers: [] },
			history: [entry('applied', by, { at, detail: from.proxy ? { for: input.applicantName } : {} })],
			lastEvidenceAt: at,
			maturity: { self: null, station: null },
			attentionAt: attentionAt({ status: 'applied', statusSince: at, mentor: null, proposedAt: null, lastEvidenceAt: at, assessmentDueAt: at, supervisionDueAt: null }),
			createdAt: at
		});
	} catch (error) {
		// Somebody pressed twice: the other request was first.
		const first = isDuplicateKey(error) ? await Organization.findOne({ pendingKey }, { code: 1 }).lean() : null;
		if (first) return { id: first._id.toHexString(), code: first.code, receipt: null, already: true };
		throw error;
	}
	await recordAct({ chain: `organization:${id}`, actor, action: 'applied', subject: id, detail: { code, proxy: from.proxy } });
	await refreshTally(station.id, station.path);
	await giveLeaderAccount(id, input, password, ownUser);
	return { id, code, receipt, already: false };
};

/** The applicant may lead the group's pages: with a new account, or with the one that is signed in. */
const giveLeaderAccount = async (id: string, input: Application, password: string, ownUser: string | null): Promise<void> => {
	const grant = { role: 'leader' as const, scopeKind: 'organization' as const, scopeId: id };
	if (ownUser) return grantRole(ownUser, grant);
	if (!password) return;
	try {
		const user = await createUser({ name: input.applicantName, phone: input.applicantPhone, password, grants: [grant] });
		await Organization.updateOne({ _id: id }, { $set: { 'applicant.userId': user.id } });
	} catch (error) {
		// The application stands; an account made under this number in the same moment gets its rights by invitation.
		if (!(error instanceof AppError)) throw error;
	}
};
