import type { Actor, Grant, Resource, Role } from './types.ts';

type Rule = (actor: Extract<Actor, { kind: 'user' }>, resource: Resource) => boolean;

const holds = (grant: Grant, role: Role | readonly Role[]): boolean =>
	typeof role === 'string' ? grant.role === role : role.includes(grant.role);

const onPlatform: Rule = (actor) => actor.grants.some((grant) => grant.role === 'admin' && grant.scopeKind === 'platform');

/** Works at the very station the thing belongs to. */
const atStation =
	(...role: Role[]): Rule =>
	(actor, resource) =>
		resource.station !== undefined &&
		actor.grants.some((grant) => holds(grant, role) && grant.scopeKind === 'station' && grant.scopeId === resource.station);

/** Works at the thing's station or at one above it: rights of sight flow down the tree. */
const aboveStation =
	(...role: Role[]): Rule =>
	(actor, resource) =>
		resource.stationPath !== undefined &&
		actor.grants.some(
			(grant) =>
				holds(grant, role) &&
				grant.scopeKind === 'station' &&
				grant.scopeId !== null &&
				resource.stationPath?.includes(grant.scopeId)
		);

const inOrganization =
	(...role: Role[]): Rule =>
	(actor, resource) =>
		resource.organization !== undefined &&
		actor.grants.some(
			(grant) => holds(grant, role) && grant.scopeKind === 'organization' && grant.scopeId === resource.organization
		);

const inCompetition =
	(...role: Role[]): Rule =>
	(actor, resource) =>
		resource.competition !== undefined &&
		actor.grants.some(
			(grant) => holds(grant, role) && grant.scopeKind === 'competition' && grant.scopeId === resource.competition
		);

const isOwner: Rule = (actor, resource) => resource.owner === actor.id;
const isCore: Rule = (actor, resource) => resource.core === actor.id;
const notOwnProposal: Rule = (actor, resource) => resource.proposedBy !== actor.id;
const anySignedIn: Rule = () => true;

const any =
	(...rules: Rule[]): Rule =>
	(actor, resource) =>
		rules.some((rule) => rule(actor, resource));
const all =
	(...rules: Rule[]): Rule =>
	(actor, resource) =>
		rules.every((rule) => rule(actor, resource));

const staff = ['head', 'worker'] as const;
const seers = ['head', 'worker', 'supervisor', 'finance', 'observer'] as const;

const seeOrganization = any(onPlatform, aboveStation(...seers), inOrganization('leader', 'member'));
const workOnOrganization = any(atStation(...staff));
const runCompetition = any(atStation(...staff));

/**
 * Every right of the platform in one table: an action no rule grants is denied.
 * Commands and queries ask with `can` in their first line; routes never decide.
 */
const rules = {
	'platform.administer': onPlatform,
	'users.invite': any(onPlatform, atStation('head')),
	'account.self': isOwner,

	'station.read': any(onPlatform, aboveStation(...seers)),
	'station.manage': any(onPlatform, atStation('head')),

	'organization.list': any(onPlatform, aboveStation(...seers)),
	'organization.read': seeOrganization,
	'organization.readContacts': any(atStation(...staff), inOrganization('leader')),
	'organization.enterFor': workOnOrganization,
	'organization.decideApplication': workOnOrganization,
	'organization.edit': any(workOnOrganization, inOrganization('leader')),
	'organization.resubmit': any(workOnOrganization, inOrganization('leader')),
	'organization.assignMentor': atStation('head'),
	'organization.changeStatus': workOnOrganization,
	'organization.editStanding': workOnOrganization,
	'organization.record': any(workOnOrganization, inOrganization('leader')),
	'organization.inviteMember': any(workOnOrganization, inOrganization('leader')),
	'survey.read': seeOrganization,
	'survey.manage': any(workOnOrganization, inOrganization('leader'), all(inOrganization('member'), isCore)),
	// People leave their number for the social workers only; the questionnaire says so.
	'survey.readContacts': workOnOrganization,
	'survey.keepTemplate': workOnOrganization,
	'gate.attest': workOnOrganization,
	'gate.propose': workOnOrganization,
	'gate.decide': all(atStation('head'), notOwnProposal),
	'gate.setCriteria': any(onPlatform, atStation('head')),
	'gate.moveCriteria': atStation('head'),
	'maturity.setModel': any(onPlatform, atStation('head')),
	'organization.handOver': atStation('head'),
	'training.read': any(onPlatform, aboveStation(...seers)),
	'training.record': atStation(...staff),
	// What was said in supervision is for those it concerns: the station's own people and those who lead or supervise them.
	'supervision.read': any(atStation(...staff), aboveStation('head', 'supervisor')),
	'supervision.record': any(atStation(...staff), aboveStation('supervisor')),
	'serviceLog.read': any(onPlatform, aboveStation(...seers)),
	'serviceLog.record': atStation(...staff),
	'assessment.self': inOrganization('leader', 'member'),
	'assessment.station': workOnOrganization,

	'competition.create': any(onPlatform, atStation(...staff)),
	'competition.manage': runCompetition,
	'competition.readWork': any(onPlatform, runCompetition, aboveStation('head', 'observer', 'supervisor', 'finance')),
	'competition.readScores': any(runCompetition, aboveStation('head')),
	'competition.decide': atStation('head'),
	'pitch.conduct': runCompetition,
	'jury.manage': runCompetition,
	'scorecard.enterFor': runCompetition,

	'deliberation.read': any(runCompetition, aboveStation('head'), inCompetition('judge')),
	'deliberation.speak': any(runCompetition, inCompetition('judge')),
	'deliberation.standIn': aboveStation('head'),
	'notice.recompute': atStation('head'),
	'calendar.edit': any(onPlatform, atStation('head')),
	'objection.read': any(runCompetition, aboveStation('head')),
	'objection.organize': runCompetition,
	'objection.correct': atStation('head'),
	'objection.sit': isOwner,
	'objection.speakForGroup': inOrganization('leader'),

	'proposal.create': any(inOrganization('leader', 'member'), workOnOrganization),
	'proposal.edit': any(inOrganization('leader', 'member'), workOnOrganization),
	'proposal.submit': any(inOrganization('leader'), workOnOrganization),
	// A draft is the group's own: those who oversee its station see what was submitted, never what is being written.
	'proposal.readOwn': any(inOrganization('leader', 'member'), workOnOrganization),
	'proposal.readSubmitted': aboveStation(...seers),

	'judging.queue': any(anySignedIn),
	'scorecard.read': isOwner,
	'scorecard.score': all(isOwner, inCompetition('judge')),

	'audit.read': any(onPlatform, aboveStation('head', 'observer'))
} satisfies Record<string, Rule>;

export type Action = keyof typeof rules;
export const actions = Object.keys(rules) as Action[];

/** Whether the actor may do this to that. Anonymous never may; the system (jobs, command line) always may. */
export const can = (actor: Actor, action: Action, resource: Resource = {}): boolean => {
	if (actor.kind === 'system') return true;
	if (actor.kind === 'anonymous') return false;
	return rules[action](actor, resource);
};

/** The stations whose subtrees the person may look into; `null` means all of them. */
export const visibleStations = (actor: Actor): string[] | null => {
	if (actor.kind === 'system') return null;
	if (actor.kind === 'anonymous') return [];
	if (actor.grants.some((grant) => grant.role === 'admin' && grant.scopeKind === 'platform')) return null;
	return scopeIds(actor, 'station', seers);
};

/** Ids of the scopes of a kind in which the person holds one of the roles. */
export const scopeIds = (actor: Actor, kind: Grant['scopeKind'], wanted: readonly Role[]): string[] =>
	actor.kind === 'user'
		? [
				...new Set(
					actor.grants.flatMap((grant) =>
						grant.scopeKind === kind && grant.scopeId && wanted.includes(grant.role) ? [grant.scopeId] : []
					)
				)
			]
		: [];
