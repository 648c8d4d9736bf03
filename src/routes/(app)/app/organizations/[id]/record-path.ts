import type { Metric } from '#lib/domain/organizations/criteria.ts';

const paths: Partial<Record<Metric, string>> = {
	survey_responses: 'needs',
	interviews: 'needs',
	needs_ranked: 'needs',
	prospective_core: 'members',
	roster_members: 'members',
	distinct_roles: 'members',
	leader_elected: 'meetings/new',
	deputy_elected: 'meetings/new',
	charter_adopted: 'meetings/new',
	rules_in_force: 'meetings/new',
	core_trainings: 'activities/new?kind=training',
	supervision_sessions: 'activities/new?kind=supervision',
	group_activities: 'activities/new',
	activities: 'activities/new',
	satisfaction_percent: 'activities',
	group_led_share_percent: 'activities/new'
};

/** Where the evidence of a metric is recorded, below the organization's page; null when there is no such place yet. */
export const recordPath = (metric: Metric | undefined): string | null => (metric && paths[metric]) ?? null;
