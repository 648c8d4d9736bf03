import type { Metric } from '#lib/domain/organizations/criteria.ts';
import type { EvidenceKind } from '#lib/domain/organizations/metrics.ts';

const paths: Partial<Record<Metric, string>> = {
	survey_responses: 'needs',
	interviews: 'needs',
	needs_ranked: 'needs',
	prospective_core: 'members',
	roster_members: 'members',
	distinct_roles: 'members',
	leader_elected: 'meetings/new',
	deputy_elected: 'meetings/new',
	charter_adopted: 'charter/charter',
	rules_in_force: 'charter',
	core_trainings: 'support#trainings',
	supervision_sessions: 'support#supervision',
	projects_closed: 'projects/new?kind=project',
	accounts_published: 'projects/new?kind=accounts',
	outside_resources: 'projects/new?kind=resource',
	group_activities: 'activities/new',
	activities: 'activities/new',
	satisfaction_percent: 'activities',
	group_led_share_percent: 'activities/new'
};

/** Where the evidence of a metric is recorded, below the organization's page; null when there is no such place yet. */
export const recordPath = (metric: Metric | undefined): string | null => (metric && paths[metric]) ?? null;

/** Records that open below the organization's page; proposals and surveys have addresses of their own. */
type OwnKind = Exclude<EvidenceKind, 'proposal' | 'survey'>;

const places: Record<OwnKind, (id: string) => string> = {
	member: (id) => `members/${id}`,
	activity: (id) => `activities/${id}`,
	meeting: (id) => `meetings/${id}`,
	file: (id) => `files/${id}`,
	// Trainings and sessions belong to the station: the group's page shows them to everybody who sees the group.
	training: (id) => `support#r-${id}`,
	supervision: (id) => `support#r-${id}`,
	entry: (id) => `projects/${id}`,
	interview: (id) => `interviews/${id}`,
	need: (id) => `needs/named?need=${encodeURIComponent(id)}`
};

/** Where a record behind a figure opens, below the organization's page. */
export const evidencePath = (kind: OwnKind, id: string): string => places[kind](id);
