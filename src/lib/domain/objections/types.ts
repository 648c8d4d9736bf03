import type { z } from 'zod';
import type { answerSchema, committeeSchema, objectionSchema, objectionStatuses, sides, statementSchema, voteSchema } from './schema.ts';

export type ObjectionStatus = (typeof objectionStatuses)[number];
export type Side = (typeof sides)[number];
export type ObjectionInput = z.infer<typeof objectionSchema>;
export type CommitteeInput = z.infer<typeof committeeSchema>;
export type StatementInput = z.infer<typeof statementSchema>;
export type VoteInput = z.infer<typeof voteSchema>;
export type AnswerInput = z.infer<typeof answerSchema>;

/** A member's vote by name. */
export type Vote = { user: string; name: string; uphold: boolean; reason: string; at: Date };
