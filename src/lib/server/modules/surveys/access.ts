import { can, type Action } from '#lib/domain/accounts/policy.ts';
import type { Actor, Resource } from '#lib/domain/accounts/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, notFound } from '#lib/server/platform/errors.ts';
import { organizationStanding, type OrganizationStanding } from '../organizations/index.ts';
import { Survey, type Person, type SurveyDocument } from './model.ts';

/** The actor as records name them. */
export const personOf = (actor: Actor): Person =>
	actor.kind === 'user' ? { id: actor.id, name: actor.name } : { id: null, name: actor.kind === 'system' ? actor.name : '' };

const refuse = (actor: Actor, seen: boolean): never => {
	throw actor.kind !== 'anonymous' && seen ? forbidden() : notFound();
};

/** Loads an organization for an act on its surveys; those who may not even see it get 404. */
export const standingFor = async (actor: Actor, organization: string, action: Action): Promise<OrganizationStanding> => {
	if (actor.kind === 'anonymous') throw notFound();
	const standing = await organizationStanding(actor, organization);
	if (!standing) throw notFound();
	if (!can(actor, action, standing.resource)) refuse(actor, can(actor, 'organization.read', standing.resource));
	return standing;
};

/** The same, for adding to the records of its life. */
export const recordedFor = async (actor: Actor, organization: string, action: Action): Promise<OrganizationStanding> => {
	const standing = await standingFor(actor, organization, action);
	if (!standing.recorded) throw conflict('not_incubating');
	return standing;
};

/** A survey and what rights on it depend on; `organization` is null for a station's own. */
export type OpenedSurvey = { survey: SurveyDocument; resource: Resource; organization: OrganizationStanding | null };

/** Loads a survey for an act; those who may not even see it get 404. */
export const surveyFor = async (actor: Actor, id: string, action: Action, removedToo = false): Promise<OpenedSurvey> => {
	if (actor.kind === 'anonymous') throw notFound();
	const survey = await Survey.findOne({ _id: toId(id), ...(removedToo ? {} : { deletedAt: null }) }).lean();
	if (!survey) throw notFound();
	const organization = survey.organization ? await organizationStanding(actor, survey.organization) : null;
	const resource = organization?.resource ?? { station: survey.station, stationPath: survey.stationPath };
	if (!can(actor, action, resource)) refuse(actor, can(actor, 'survey.read', resource));
	return { survey, resource, organization };
};

/** The chain of acts a survey's belong to. */
export const chainOf = ({ organization, station }: Pick<SurveyDocument, 'organization' | 'station'>): string =>
	organization ? `organization:${organization}` : `station:${station}`;
