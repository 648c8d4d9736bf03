export { addNote } from './commands/add-note.ts';
export { addJudge, inviteJudgeAgain, type JudgeInvitation } from './commands/add-judge.ts';
export { askForMore, type MoreReviews } from './commands/ask-for-more.ts';
export { advance } from './commands/advance.ts';
export { assign, type AssignmentAnswer } from './commands/assign.ts';
export { answerRecusal, askForRecusal, type AnsweredRequest } from './commands/recusal-request.ts';
export { editJudge } from './commands/edit-judge.ts';
export { remind, type Reminded } from './commands/remind.ts';
export { dropTrial, setTrial } from './commands/set-trial.ts';
export { assignOne, unassignOne } from './commands/assign-one.ts';
export { castBallot, checkBallot, type BallotCheck } from './commands/cast-ballot.ts';
export { conductPitch, drawPitch, linkScreen, pitchRoundOf } from './commands/conduct-pitch.ts';
export { decide, decideByRank, type DecisionState } from './commands/decide.ts';
export {
	decideBySet,
	suggestAwardSet,
	type QuotaGroup,
	type QuotaWish,
	type SetRow,
	type SuggestedSet
} from './commands/decide-by-set.ts';
export { declareConflict, liftConflict, withdrawConflict } from './commands/declare-conflict.ts';
export { checkPaper, enterPaper } from './commands/enter-paper.ts';
export { grantBonus } from './commands/grant-bonus.ts';
export { introduceJudge } from './commands/introduce-judge.ts';
export { ownAppointments, readAppointment, type Appointment } from './queries/appointment.ts';
export { issueJuryCodes, revokeJuryCodes, type IssuedCodes } from './commands/jury-codes.ts';
export { publishNotice } from './commands/publish-result.ts';
export { recuse } from './commands/recuse.ts';
export { removeJudge } from './commands/remove-judge.ts';
export { recomputeNoticeEnd } from './commands/recompute-notice-end.ts';
export { reopenScorecard } from './commands/reopen-scorecard.ts';
export { separatePair, type SeparatedPair } from './commands/separate-pair.ts';
export { saveScorecard } from './commands/save-scorecard.ts';
export { importJudging, judgingSeedSchema, type JudgingSeed } from './imports.ts';
export { readCertainty, type CertaintyView } from './queries/certainty.ts';
export { detectedConflicts, listJudges, type ConflictRow, type JudgeRow } from './queries/judges.ts';
export { judgingProgress, scorecardsOutstanding, readAssignment, type AssignmentView, type Progress } from './queries/progress.ts';
export { judgingQueue, nextToScore, queueItems, type QueueGroup, type QueueItem } from './queries/queue.ts';
export { readBallot, readJury, type Ballot, type JuryView } from './queries/jury.ts';
export { paperSheets, readPaper, type PaperCard, type PaperSheets } from './queries/paper.ts';
export { pitchConsole, pitchScreen, pitchToFollow, runningPitches, type Live } from './queries/pitch.ts';
export {
	proposalScorecards,
	readDecision,
	readItem,
	readRanking,
	readWholeRanking,
	type DecisionView,
	type ItemView,
	type RankingView,
	type ReadCard
} from './queries/ranking.ts';
export { groupResult, type CriterionFeedback, type GroupResult } from './queries/group-result.ts';
export { publishedRule, type PublishedRule } from './queries/published-rule.ts';
export {
	awardedTotal,
	noticePreview,
	publicResult,
	publicResults,
	publishedAwards,
	resultCsv,
	resultFile,
	type PublicResult
} from './queries/results.ts';
export {
	answerObjection,
	conveneCommittee,
	correctAfterObjection,
	fileObjection,
	listObjections,
	lookUpObjection,
	noticeToObjectTo,
	openEvidence,
	publicObjections,
	readObjection,
	recordStatement,
	trackObjection,
	voteOnObjection,
	type Candidate,
	type Evidence,
	type ObjectionReceipt,
	type ObjectionRow,
	type ObjectionView,
	type PublicObjection,
	type TrackedObjection,
	type Unfit
} from './objections/index.ts';
export { readRoom, type RoomNote, type RoomRow, type RoomView } from './queries/room.ts';
export { listRecusalRequests, ownRecusalRequests, type OwnRequest, type OwnRequests, type RequestRow } from './queries/recusal-requests.ts';
export { ownReminders, type OwnReminder } from './queries/reminders.ts';
export { readOwnTrial, readTrial, sampleFrom, type TrialView } from './queries/trial.ts';
export { ownSeals, type OwnSeal, type OwnSeals } from './queries/seals.ts';
export { readRounds, type RoundsView, type RoundState } from './queries/rounds.ts';
export { openScorecardFile, readScorecard } from './queries/scorecard.ts';
export type { ConsoleView, FollowView, ScreenView, StandingView, TimerView } from './pitch-views.ts';
export { scoreText } from './ranking.ts';
export { dropFormerIndexes } from './model.ts';
export type { Award, RankingRow, ResultRow } from './results-model.ts';
export type { ScorecardPage, ScorecardRubric, ScorecardState, TrialSpread } from './scorecard-view.ts';
export { settleSubmissionRecords } from './submissions.ts';
export { wireJudging } from './subscribers.ts';
export { judgingWork, openRooms } from './worklist.ts';
