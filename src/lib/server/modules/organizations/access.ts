import { can, type Action } from '#lib/domain/accounts/policy.ts';
import type { Actor, Resource } from '#lib/domain/accounts/types.ts';
import { toId, type Id } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { Organization, type OrganizationDocument, type Person } from './model.ts';

type Placed = { _id: Id; station: string; stationPath: string[]; applicant?: { userId: string | null } };

/** What rights depend on. */
export const resourceOf = (organization: Placed): Resource => ({
	organization: organization._id.toHexString(),
	station: organization.station,
	stationPath: organization.stationPath
});

/**
 * Loads an organization for an act on it. Those who may not even see it get 404, those who may see but not do it
 * 403.
 */
export const loadFor = async (actor: Actor, id: string, action: Action): Promise<OrganizationDocument> => {
	if (actor.kind === 'anonymous') throw notFound();
	const organization = await Organization.findById(toId(id)).lean();
	if (!organization) throw notFound();
	if (can(actor, action, resourceOf(organization))) return organization;
	throw can(actor, 'organization.read', resourceOf(organization)) ? forbidden() : notFound();
};

/** The actor as history names them. */
export const personOf = (actor: Actor, fallback = ''): Person =>
	actor.kind === 'user'
		? { id: actor.id, name: actor.name }
		: { id: null, name: actor.kind === 'system' ? actor.name : fallback };

/** A number people may see parts of: 138****0007. */
export const maskPhone = (phone: string): string => (phone ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : '');
