import { z } from 'zod';
import { fenSchema, idSchema, lineSchema, requiredLineSchema, textSchema, versionSchema } from '#lib/domain/shared/fields.ts';
import { patchShape } from '#lib/domain/shared/patch.ts';

export const proposalStatuses = ['draft', 'submitted', 'returned', 'passed', 'rejected', 'withdrawn'] as const;

/** Quantity with at most two decimals, as a number (12.5 hours). */
export const quantitySchema = z.coerce
	.number({ error: 'number' })
	.min(0)
	.max(1_000_000)
	.refine((value) => Number.isInteger(Math.round(value * 1e8) / 1e6), { error: 'two_decimals' });

/** A line of the budget. `unitPrice` in fen; the amount is computed. A draft's line may be half filled. */
export const budgetLineSchema = z.object({
	category: lineSchema(40).default(''),
	item: lineSchema(80).default(''),
	unit: lineSchema(12).default(''),
	quantity: quantitySchema.default(0),
	unitPrice: fenSchema.default(0)
});

/** A draft takes whatever has been typed so far; nothing is required before submission. */
export const proposalDraftSchema = z.object({
	title: lineSchema(60).default(''),
	track: lineSchema(40).default(''),
	answers: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), textSchema(5000)).default({}),
	budget: z.array(budgetLineSchema).max(60).default([]),
	/** Sum asked for, fen. */
	requested: fenSchema.default(0),
	/** What the group raises itself, fen. */
	selfRaised: fenSchema.default(0),
	/** The group says the project lies within its charter. */
	withinCharter: z.boolean().default(false)
});

export const consentWays = ['on_site', 'phone', 'paper'] as const;

/** Who of a group agreed that a worker writes in its name, how, and on which day. */
export const consentSchema = z.object({
	person: requiredLineSchema(40),
	how: z.enum(consentWays, { error: 'choose_one' }),
	on: z.iso.date({ error: 'date' })
});

export const newProposalSchema = z.object({
	...patchShape(proposalDraftSchema.shape),
	organization: idSchema,
	/** A project idea of the group to begin from. */
	idea: idSchema.optional(),
	/** Kept where somebody writes for a group they do not belong to; null where that was asked and not said. */
	consent: consentSchema.nullable().optional()
});
/** Absent fields stay as they are; so do absent answers. `version` is the one the change is based on. */
export const proposalPatchSchema = z.object({ ...patchShape(proposalDraftSchema.shape), version: versionSchema });
/** Submitting or withdrawing. With `version` it counts only for exactly that content. */
export const proposalStepSchema = z.object({ version: versionSchema.optional(), reason: textSchema(600).default('') });

/**
 * Submitting. `amendmentsRead` is when the latest amendment was made that this person says to have read, '' for none:
 * with it, one that is newer or that was never read is asked for first. Without it nothing is asked.
 */
export const submitSchema = proposalStepSchema.extend({
	amendmentsRead: z.iso.datetime().or(z.literal('')).optional(),
	/** The group's consent to what a worker wrote, where none is kept yet; null where that was asked and not said. */
	consent: consentSchema.nullable().optional()
});

/** Outcome of screening: pass, return for correction with a deadline, or reject with a reason. */
export const screeningSchema = z
	.object({
		outcome: z.enum(['pass', 'return', 'reject']),
		checklist: z.record(z.string().max(40), z.boolean()).default({}),
		reason: textSchema(1000).default(''),
		/** What to correct, by the field it concerns: `title`, `answers.need`, `budget`, `requested`. */
		points: z
			.array(z.object({ field: z.string().regex(/^(?:title|track|budget|requested|attachments|answers\.[a-z][a-z0-9_]{0,39})$/), text: textSchema(400) }))
			.max(60)
			.optional(),
		/** Correction deadline, days from now. */
		correctionDays: z.coerce.number().int().min(1).max(60).default(3),
		/** The head settles what two screeners disagree about; with a reason. */
		decide: z.boolean().optional(),
		/** Which submission was read, for an opinion that may stand beside others given meanwhile. */
		submission: z.coerce.number().int().min(1).optional(),
		version: versionSchema.optional()
	})
	.refine((screening) => (screening.outcome === 'pass' && !screening.decide) || screening.reason !== '' || (screening.outcome === 'return' && (screening.points ?? []).some(({ text }) => text !== '')), { error: 'reason_needed', path: ['reason'] });
