export { applyForIncubation, type Applied } from './commands/apply.ts';
export { decideApplication, resubmitApplication, resubmitByReceipt } from './commands/decide-application.ts';
export { assignMentors, changeStatus, editOrganization } from './commands/edit.ts';
export { addMember, editMember, inviteMember } from './commands/roster.ts';
export { editActivity, recordActivity, setActivityRemoved } from './commands/activities.ts';
export { editMeeting, recordMeeting, setMeetingRemoved } from './commands/meetings.ts';
export { attestCriterion, decideGate } from './commands/gates.ts';
export { importAsked, recordAsked } from './commands/record-asked.ts';
export { assess } from './commands/assess.ts';
export { addFile, openOrganizationFile, setFileRemoved } from './commands/files.ts';
export {
	countOrganizations,
	eachOrganization,
	listOrganizations,
	organizationFilterSchema,
	organizationListSchema,
	organizationRows,
	type OrganizationFilter,
	type OrganizationRow
} from './queries/list.ts';
export {
	organizationFrame,
	organizationGate,
	organizationOverview,
	readOrganization,
	type CriterionView,
	type EvidenceLink,
	type GateView,
	type OrganizationRights,
	type Overview
} from './queries/overview.ts';
export {
	listActivities,
	listFiles,
	listMeetings,
	listMembers,
	readActivity,
	readMeeting,
	readMember,
	rosterNames,
	type ActivityView,
	type FileView,
	type MeetingView,
	type MemberView
} from './queries/records.ts';
export { listAssessments, organizationMaturity, type AssessmentView, type MaturityView } from './queries/maturity.ts';
export { organizationTimeline, type TimelineEvent } from './queries/timeline.ts';
export {
	applicationByReceipt,
	countPublicOrganizations,
	listPublicOrganizations,
	publicOrganization,
	type PublicOrganization,
	type ReceiptView
} from './queries/public.ts';
export { stationPortfolio, type Portfolio } from './queries/portfolio.ts';
export { organizationWorkItems } from './queries/worklist.ts';
export {
	organizationFacts,
	organizationNames,
	organizationsFacts,
	organizationsOfUser,
	type OrganizationFacts,
	type OwnOrganization
} from './queries/facts.ts';
export { organizationSatisfaction, type Satisfaction } from './queries/satisfaction.ts';
export { organizationStanding, type OrganizationStanding } from './queries/standing.ts';
export { membershipsOf, type Membership } from './queries/memberships.ts';
export { subscribeOrganizations } from './subscribers.ts';
export {
	activityIdForKey,
	feedbackByForm,
	importOrganizations,
	organizationIdForKey,
	organizationSeedSchema,
	type OrganizationSeed
} from './imports.ts';
export type { OrganizationView } from './view.ts';
