import type { z } from 'zod';
import type {
	budgetLineSchema,
	consentSchema,
	newProposalSchema,
	proposalDraftSchema,
	proposalPatchSchema,
	proposalStatuses,
	proposalStepSchema,
	submitSchema,
	screeningSchema
} from './schema.ts';

export type ProposalStatus = (typeof proposalStatuses)[number];
export type BudgetLine = z.infer<typeof budgetLineSchema>;
export type ProposalDraft = z.infer<typeof proposalDraftSchema>;
export type NewProposal = z.infer<typeof newProposalSchema>;
export type ProposalPatch = z.infer<typeof proposalPatchSchema>;
export type Screening = z.infer<typeof screeningSchema>;
export type ProposalStep = z.infer<typeof proposalStepSchema>;
export type Consent = z.infer<typeof consentSchema>;
export type ProposalSubmit = z.infer<typeof submitSchema>;
