import { z } from 'zod';
import { idSchema, lineSchema, requiredLineSchema, requiredTextSchema, versionSchema } from '#lib/domain/shared/fields.ts';

/**
 * `received` until a committee is named, `reviewing` until it has decided and answered, then `upheld` or `rejected`.
 */
export const objectionStatuses = ['received', 'reviewing', 'upheld', 'rejected'] as const;

/** Who is heard before the committee votes. */
export const sides = ['objector', 'organization', 'judges'] as const;

/** Fewest members of a review committee; more must be an odd number too, so that every vote has a majority. */
export const committeeLeast = 3;
export const committeeMost = 9;

/** Pieces of evidence with an objection, and their size in all (one file is capped by the upload checks). */
export const evidenceMost = 3;
export const evidenceBytesMost = 20 * 1024 * 1024;

const checked = z.stringbool().or(z.boolean()).default(false);

/**
 * An objection to a published result by anybody with a contact. `proposal` is a public number, empty for the result as
 * a whole. `disclose` lets the organization concerned know who objects.
 */
export const objectionSchema = z.object({
	name: requiredLineSchema(40),
	contact: requiredLineSchema(120).refine((text) => /\S@\S/.test(text) || text.replace(/\D/g, '').length >= 7, { error: 'contact_needed' }),
	proposal: lineSchema(40).default(''),
	text: requiredTextSchema(4000),
	disclose: checked
});

/** Looking up an objection without its link: by its receipt number and the contact that was left. */
export const lookUpSchema = z.object({ receipt: requiredLineSchema(40), contact: requiredLineSchema(120) });

export const committeeSchema = z.object({
	members: z
		.array(idSchema)
		.min(committeeLeast, { error: 'committee_small' })
		.max(committeeMost, { error: 'committee_large' })
		.refine((members) => new Set(members).size === members.length, { error: 'committee_twice' })
		.refine((members) => members.length % 2 === 1, { error: 'committee_even' }),
	version: versionSchema
});

/** What a side says; the person who writes it down is named with it. */
export const statementSchema = z.object({ side: z.enum(sides), text: requiredTextSchema(4000) });

export const voteSchema = z.object({
	uphold: z.enum(['yes', 'no'], { error: 'choose_one' }).transform((vote) => vote === 'yes'),
	reason: requiredTextSchema(2000)
});

/** `summary` says without names what was objected to; it is public, like the answer. */
export const answerSchema = z.object({ summary: requiredTextSchema(600), answer: requiredTextSchema(4000) });

export const correctionSchema = z.object({ text: requiredTextSchema(600) });

/** Why the end of a running notice is computed anew. */
export const periodSchema = z.object({ reason: requiredTextSchema(300) });

export const noteSchema = z.object({ proposal: idSchema, text: requiredTextSchema(2000) });
