// Plain lists of codes of the group's own tools, apart from the schemas, so that pages can use them without the validator.

/** A group's documents: the charter and its three rules. */
export const documentKinds = ['charter', 'finance', 'activities', 'leave'] as const;
export type DocumentKind = (typeof documentKinds)[number];

export const supervisionSources = ['internal', 'external'] as const;
export type SupervisionSource = (typeof supervisionSources)[number];
export const supervisionForms = ['individual', 'group'] as const;
export type SupervisionForm = (typeof supervisionForms)[number];

/** What a station's people do for residents and groups; no clinical detail is ever kept. */
export const serviceKinds = ['phone_visit', 'home_visit', 'case', 'group_session', 'community_activity'] as const;
export type ServiceKind = (typeof serviceKinds)[number];

/** What a group keeps about its projects and its standing on its own feet. */
export const entryKinds = ['idea', 'project', 'accounts', 'resource'] as const;
export type EntryKind = (typeof entryKinds)[number];
/** How accounts were shown to members. */
export const publishedHows = ['meeting', 'wall', 'chat', 'paper'] as const;
export type PublishedHow = (typeof publishedHows)[number];
export const resourceKinds = ['venue', 'goods', 'money', 'people', 'other'] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** What a core member can do. */
export const competencies = [
	'hosting',
	'deliberating',
	'accounting',
	'writing',
	'recruiting',
	'planning',
	'teaching',
	'craft'
] as const;
export type Competency = (typeof competencies)[number];

/** Why an office was free although the last election's term was not over. */
export const vacancyReasons = ['resigned', 'recalled', 'left'] as const;
export type VacancyReason = (typeof vacancyReasons)[number];
