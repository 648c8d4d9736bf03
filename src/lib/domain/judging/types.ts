import type { z } from 'zod';
import type {
	assignmentSchema,
	decisionSchema,
	judgeStatuses,
	moreReviewsSchema,
	newJudgeSchema,
	outcomes,
	scorecardSaveSchema,
	scorecardStatuses
} from './schema.ts';

export type ScorecardStatus = (typeof scorecardStatuses)[number];
export type JudgeStatus = (typeof judgeStatuses)[number];
export type NewJudge = z.infer<typeof newJudgeSchema>;
export type AssignmentRequest = z.infer<typeof assignmentSchema>;
export type MoreReviewsRequest = z.infer<typeof moreReviewsSchema>;
export type ScorecardSave = z.infer<typeof scorecardSaveSchema>;
export type Outcome = (typeof outcomes)[number];
export type DecisionInput = z.infer<typeof decisionSchema>;
