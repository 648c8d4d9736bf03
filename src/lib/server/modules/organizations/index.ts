export { applyForIncubation, type Applied } from './commands/apply.ts';
export { decideApplication, resubmitApplication, resubmitByReceipt } from './commands/decide-application.ts';
export { assignMentors, changeStatus, editOrganization } from './commands/edit.ts';
export { addMember, editMember, inviteMember } from './commands/roster.ts';
export { editActivity, recordActivity, setActivityRemoved } from './commands/activities.ts';
export { editMeeting, recordMeeting, setMeetingRemoved } from './commands/meetings.ts';
export { attestCriterion, decideGate } from './commands/gates.ts';
export { importAsked, recordAsked } from './commands/record-asked.ts';
export { assess } from './commands/assess.ts';
export { publishDimension, publishMaturityModel } from './commands/maturity-model.ts';
export { draftGate, dropGateDraft, moveManyToCriteria, moveToCriteria, publishGateDraft, setGateCriteria } from './commands/gate-criteria.ts';
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
export { stationMaturityModel, type MaturityModelView, type ModelVersionView } from './queries/maturity-model.ts';
export { criteriaMove, stationGateCriteria, type CriteriaMove, type GateCriteriaView } from './queries/gate-criteria.ts';
export { criteriaMoves, type CriteriaMoves, type MoveRow } from './queries/criteria-moves.ts';
export { organizationTimeline } from './queries/timeline.ts';
export type { TimelineEvent } from './queries/timeline-sources.ts';
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
export { organizationTies, type OrganizationTies } from './queries/ties.ts';
export { nextListSchema, stationNextActions, type NextRow } from './queries/next.ts';
export { refreshAllMaturityTallies } from './maturity-tallies.ts';
export {
	cohortGroups,
	eachMaturityRow,
	maturityListSchema,
	stationCohorts,
	stationDistribution,
	stationMaturity,
	type CohortGroup,
	type MaturityRow
} from './queries/station-maturity.ts';
export { refreshAllAttention } from './attention.ts';
export { handOver, undoHandover } from './commands/handover.ts';
export { handoverChoice, listHandovers, type HandoverChoice, type HandoverView } from './queries/handover.ts';
export { organizationStory, type Story, type StoryEvent } from './queries/story.ts';
export { subscribeOrganizations } from './subscribers.ts';
export {
	activityIdForKey,
	feedbackByForm,
	importOrganizations,
	organizationIdForKey
} from './imports.ts';
export { organizationSeedSchema, type OrganizationSeed } from './seed-schema.ts';
export type { OrganizationView } from './view.ts';
export { adoptAtMeeting, adoptVersion, discardDraft, putToVote, saveDraft, startDraft } from './commands/charters.ts';
export { charterView, compareVersions, listCharters, waitingDocuments, type AdoptionVote, type CharterVersionView, type CharterView, type WaitingDocument } from './queries/charters.ts';
export { editTraining, recordTraining, setTrainingRemoved } from './commands/trainings.ts';
export { attendeeChoices, listTrainings, readTraining, trainingsOf, type AttendeeChoices, type TrainingView } from './queries/trainings.ts';
export {
	editSupervision,
	openPrivateNote,
	recordSupervision,
	setFollowUpDone,
	setSupervisionRemoved,
	writePrivateNote,
	type PrivateNoteView
} from './commands/supervision.ts';
export {
	listSupervisions,
	openFollowUps,
	readSupervision,
	stationCaseload,
	supervisionChoices,
	supervisionsOf,
	type Caseload,
	type SupervisionChoices,
	type SupervisionView
} from './queries/supervision.ts';
export { editService, recordService, setServiceRemoved } from './commands/service-log.ts';
export { countServices, eachService, listServices, readService, serviceGroups, type ServiceEntryView } from './queries/service-log.ts';
export { editEntry, recordEntry, setEntryRemoved } from './commands/entries.ts';
export { listEntries, projectIdeas, readEntry, type EntryView, type ProjectIdea } from './queries/entries.ts';
export { applyRosterImport, mapRoster, undoRosterImport, uploadRoster } from './commands/import-roster.ts';
export { badRosterRows, eachMember, listRosterImports, readRosterImport, type RosterImportView } from './queries/roster-import.ts';
export { groupToolsSeedSchema, importGroupTools, type GroupToolsSeed } from './tool-imports.ts';
export { growMember } from './commands/grow-member.ts';
export { memberGrowth, type GrowthView } from './queries/growth.ts';
