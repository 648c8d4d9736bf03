import { scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor, Resource } from '#lib/domain/accounts/types.ts';
import { isRecorded } from '#lib/domain/organizations/lifecycle.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { resourceOf } from '../access.ts';
import { Organization } from '../model.ts';
import { Member } from '../records-model.ts';

/** What modules that keep records of an organization need to know of it. */
export type OrganizationStanding = {
	id: string;
	code: string;
	name: string;
	communities: string[];
	station: string;
	stationPath: string[];
	/** What rights depend on, with the actor's own place among the core members. */
	resource: Resource;
	/** Its life is recorded: it incubates, has graduated or sleeps. */
	recorded: boolean;
};

/** An organization and the actor's place in it, or null; no rights are checked here. */
export const organizationStanding = async (actor: Actor, id: string): Promise<OrganizationStanding | null> => {
	const organization = await Organization.findById(toId(id), {
		code: 1, name: 1, station: 1, stationPath: 1, status: 1, communities: 1
	}).lean();
	if (!organization) return null;
	const belongs = actor.kind === 'user' && scopeIds(actor, 'organization', ['member']).includes(id);
	const core =
		belongs && (await Member.exists({ userId: actor.id, organization: id, role: { $ne: 'member' }, leftOn: '' })) !== null;
	const { code, name, communities, station, stationPath } = organization;
	return {
		id,
		code,
		name,
		communities,
		station,
		stationPath,
		resource: { ...resourceOf(organization), ...(core && actor.kind === 'user' ? { core: actor.id } : {}) },
		recorded: isRecorded(organization.status)
	};
};
