export { attachFile, maxAttachments, openAttachment, removeAttachment } from './commands/attachments.ts';
export { createProposal } from './commands/create-proposal.ts';
export { fillable, fillDraft } from './commands/fill-draft.ts';
export { imposeSanction, recordOutcomes } from './commands/record-outcomes.ts';
export { changedFields, saveDraft, type DraftConflict, type SavedDraft } from './commands/save-draft.ts';
export { openOpinions } from './commands/open-opinions.ts';
export { screenProposal } from './commands/screen-proposal.ts';
export { readReceipt, submitProposal, type Receipt } from './commands/submit-proposal.ts';
export { reopenProposal, withdrawProposal } from './commands/withdraw-proposal.ts';
export { importProposals, type ImportedProposal } from './imports.ts';
export { proposalCounts, type ProposalCounts } from './counts.ts';
export { registerScreeningGuard } from './guards.ts';
export {
	attachmentForJudging,
	passedIds,
	passedProposals,
	proposalForJudging,
	type JudgedProposal,
	type PassedProposal
} from './queries/judging.ts';
export {
	eachProposal,
	eachWholeProposal,
	listProposals,
	ownIn,
	ownProposals,
	proposalListSchema,
	proposalSorts,
	type ExportedProposal,
	type OwnProposal,
	type ProposalListInput,
	type ProposalRow
} from './queries/list.ts';
export { checkProposal, correctionPoints, readProposal, readSubmission, submissionHistory, type CorrectionPoint, type ProposalRights, type ReadProposal } from './queries/read.ts';
export { proposalWork } from './queries/worklist.ts';
export { releaseScreening } from './commands/release-screening.ts';
export { returnedProposals, screeningPlace, screeningQueue, screeningQueueSchema, screeningViews, type ReturnedRow, type ScreeningPlace, type ScreeningRow } from './queries/screening.ts';
export { areaNeeds, type AreaNeed } from './queries/area-needs.ts';
export { markSeen, type Told } from './told.ts';
export { settleSubmissions } from './settle.ts';
export type { ProposalCheck, ProposalView } from './view.ts';
export { writesFor } from './consent.ts';
