// Plain list of codes, apart from the rules, so that schemas and pages can use it without carrying the computations.

/** What the record can say about an organization as one figure. `record-facts.ts` computes each of them. */
export const factKeys = [
	'leader_on_roster',
	'charter_adopted',
	'filed',
	'votes_year',
	'leader_elections',
	'core_members',
	'distinct_roles',
	'deputy_on_roster',
	'core_trainings',
	'group_led_share_percent',
	'roster_members',
	'attendance_percent',
	'joined_year',
	'activities_year',
	'active_quarters',
	'active_months',
	'survey_responses',
	'needs_ranked',
	'proposals_written',
	'projects_closed',
	'treasurer_on_roster',
	'rules_in_force',
	'accounts_published',
	'outside_resources',
	'awards_won',
	'recorded_activities',
	'feedback_activities',
	'satisfaction_percent',
	'reflections_year',
	'supervision_year'
] as const;
export type FactKey = (typeof factKeys)[number];
