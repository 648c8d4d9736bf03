// Plain lists of codes, apart from the schemas, so that pages can use them without carrying the validator.

export const categories = [
	'volunteering',
	'deliberation',
	'sports',
	'arts',
	'mutual_aid',
	'education',
	'environment',
	'other'
] as const;

export const statuses = ['applied', 'returned', 'declined', 'incubating', 'graduated', 'dormant', 'exited'] as const;

export const stages = [
	'needs_survey',
	'leader_cultivation',
	'rule_making',
	'team_building',
	'project_support'
] as const;

export const filings = ['none', 'filed', 'registered'] as const;

/** Full gates where the station leads, light gates where the group develops by itself. */
export const cultivationModes = ['station_led', 'self_developing'] as const;

export const origins = ['applied', 'scouted'] as const;

export const memberRoles = ['leader', 'deputy', 'treasurer', 'secretary', 'core', 'member'] as const;

export const activityKinds = ['activity', 'training', 'supervision'] as const;

export const motionKinds = ['elect_leader', 'elect_deputy', 'adopt_charter', 'adopt_rule', 'other'] as const;

export const ruleKinds = ['finance', 'activities', 'leave'] as const;

export const gateActions = ['propose', 'withdraw', 'approve', 'return', 'waive', 'regress'] as const;

export const dimensions = [
	'governance',
	'leadership',
	'membership',
	'service',
	'finance',
	'resources',
	'learning'
] as const;
