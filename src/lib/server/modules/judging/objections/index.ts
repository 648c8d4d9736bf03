export { candidatesFor, conveneCommittee, type Candidate, type Unfit } from './committee.ts';
export { fileObjection, type Evidence, type ObjectionReceipt } from './file-objection.ts';
export {
	listObjections,
	lookUpObjection,
	noticeToObjectTo,
	openEvidence,
	publicObjections,
	readObjection,
	trackObjection,
	type ObjectionRow,
	type ObjectionView,
	type PublicObjection,
	type TrackedObjection
} from './queries.ts';
export { answerObjection, correctAfterObjection, recordStatement, voteOnObjection } from './review.ts';
export { objectionWork } from './worklist.ts';
