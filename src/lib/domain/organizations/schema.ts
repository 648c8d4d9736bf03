import { z } from 'zod';
import {
	daySchema,
	idSchema,
	lineSchema,
	phoneSchema,
	requiredLineSchema,
	requiredTextSchema,
	slugSchema,
	textSchema,
	versionSchema
} from '#lib/domain/shared/fields.ts';
import { categories, filings, cultivationModes, memberRoles, activityKinds, motionKinds, ruleKinds, gateActions, dimensions } from './terms.ts';
import { vacancyReasons } from './tool-terms.ts';

export { categories, statuses, stages, filings, cultivationModes, origins, memberRoles, activityKinds, motionKinds, ruleKinds, gateActions, dimensions } from './terms.ts';

/** Answers may come from an HTML form, where a ticked box is `on`. */
const ticked = z.preprocess((value) => value === true || value === 'on' || value === 'true', z.boolean());

/** A group's application: one short form, filled on a phone or by a worker for the group (代录). */
export const applicationSchema = z.object({
	name: requiredLineSchema(40),
	category: z.enum(categories, { error: 'choose_one' }),
	station: idSchema,
	community: slugSchema.or(z.literal('')).default(''),
	purpose: requiredTextSchema(600),
	memberCount: z.coerce.number({ error: 'number' }).int({ error: 'whole_number' }).min(1, { error: 'too_small' }).max(10_000),
	foundedOn: daySchema.or(z.literal('')).default(''),
	applicantName: requiredLineSchema(40),
	applicantPhone: phoneSchema,
	consent: ticked.refine((value) => value, { error: 'consent_needed' }),
	/** A password, when the applicant wants to sign in with the phone number at once. */
	password: z.string().min(8, { error: 'password_short' }).max(200).or(z.literal('')).default('')
});

/** An application sent again after it was returned: the station stays, consent was given. */
export const resubmissionSchema = applicationSchema.omit({ station: true, consent: true, password: true });

export const applicationDecisionSchema = z
	.object({
		action: z.enum(['accept', 'return', 'decline']),
		reason: textSchema(600).default(''),
		mentor: idSchema.or(z.literal('')).default(''),
		secondMentor: idSchema.or(z.literal('')).default(''),
		version: versionSchema
	})
	.refine((decision) => decision.action === 'accept' || decision.reason !== '', { error: 'reason_needed', path: ['reason'] });

/** Sleeping, leaving, and coming back; the reason is kept. */
export const statusChangeSchema = z.object({
	to: z.enum(['dormant', 'exited', 'active']),
	reason: requiredTextSchema(600),
	version: versionSchema
});

/** Who looks after an organization: two different people of its station. */
export const mentorsSchema = z
	.object({ mentor: idSchema, secondMentor: idSchema.or(z.literal('')).default(''), version: versionSchema })
	.refine((mentors) => mentors.mentor !== mentors.secondMentor, { error: 'second_mentor_same', path: ['secondMentor'] });

/** What a leader or a worker may change of an organization. Absent fields stay as they are. */
export const organizationPatchSchema = z.object({
	name: requiredLineSchema(40).optional(),
	category: z.enum(categories).optional(),
	purpose: requiredTextSchema(600).optional(),
	communities: z.array(slugSchema).max(50).optional(),
	filing: z.enum(filings).optional(),
	filingNumber: lineSchema(60).optional(),
	host: lineSchema(80).optional(),
	mode: z.enum(cultivationModes).optional(),
	modeReason: textSchema(300).optional(),
	foundedOn: daySchema.or(z.literal('')).optional(),
	version: versionSchema
});

/** One line of the roster. */
export const memberSchema = z.object({
	name: requiredLineSchema(40),
	phone: phoneSchema.or(z.literal('')).default(''),
	role: z.enum(memberRoles).default('member'),
	/** Found by the station as a prospective core member (主动挖掘). */
	prospective: ticked.default(false),
	joinedOn: daySchema,
	leftOn: daySchema.or(z.literal('')).default(''),
	note: textSchema(300).default('')
});

/** Something that took place; people and attendances are never mixed. */
export const activitySchema = z.object({
	kind: z.enum(activityKinds).default('activity'),
	title: requiredLineSchema(60),
	heldOn: daySchema,
	place: lineSchema(80).default(''),
	/** Who ran it: the group itself or a social worker. */
	organizer: z.enum(['group', 'worker']),
	/** Roster members who came, by id. */
	attendees: z.array(idSchema).max(2000).default([]),
	/** People who came beside the named ones. */
	guests: z.coerce.number().int().min(0).max(100_000).default(0),
	hours: z.coerce.number().min(0).max(24).default(0),
	reflection: textSchema(2000).default(''),
	/** Feedback forms handed in, and how many of them were satisfied. */
	feedbackCount: z.coerce.number().int().min(0).max(100_000).default(0),
	satisfiedCount: z.coerce.number().int().min(0).max(100_000).default(0)
}).refine((activity) => activity.satisfiedCount <= activity.feedbackCount, {
	error: 'satisfied_above_feedback',
	path: ['satisfiedCount']
});

/** One vote taken at a meeting. The outcome is computed, never typed. */
export const motionSchema = z.object({
	kind: z.enum(motionKinds),
	title: requiredLineSchema(80),
	/** For an election: the member elected. */
	candidate: idSchema.or(z.literal('')).default(''),
	/** For an election during a term: why the office was free. */
	vacancy: z.enum(vacancyReasons).or(z.literal('')).optional(),
	/** For a rule: which of the three. */
	rule: z.enum(ruleKinds).or(z.literal('')).default(''),
	for: z.coerce.number().int().min(0).max(10_000),
	against: z.coerce.number().int().min(0).max(10_000),
	abstain: z.coerce.number().int().min(0).max(10_000)
});

/** A recorded meeting with its votes. */
export const meetingSchema = z
	.object({
		title: requiredLineSchema(60),
		heldOn: daySchema,
		place: lineSchema(80).default(''),
		/** Members entitled to vote on that day. */
		eligible: z.coerce.number().int().min(1).max(10_000),
		present: z.coerce.number().int().min(0).max(10_000),
		minutes: textSchema(4000).default(''),
		motions: z.array(motionSchema).max(20).default([])
	})
	.superRefine((meeting, context) => {
		if (meeting.present > meeting.eligible)
			context.addIssue({ code: 'custom', message: 'present_above_eligible', path: ['present'] });
		for (const [index, motion] of meeting.motions.entries())
			if (motion.for + motion.against + motion.abstain > meeting.present)
				context.addIssue({ code: 'custom', message: 'votes_above_present', path: ['motions', index, 'for'] });
	});

/** A step at a stage gate. Waiving, returning and regressing need a reason; waiving names its criterion. */
export const gateDecisionSchema = z
	.object({
		action: z.enum(gateActions),
		criterion: lineSchema(40).default(''),
		reason: textSchema(600).default(''),
		version: versionSchema
	})
	.superRefine((decision, context) => {
		if (['return', 'waive', 'regress'].includes(decision.action) && decision.reason === '')
			context.addIssue({ code: 'custom', message: 'reason_needed', path: ['reason'] });
		if (decision.action === 'waive' && decision.criterion === '')
			context.addIssue({ code: 'custom', message: 'required', path: ['criterion'] });
	});

/** A worker confirms a criterion that cannot be measured, and links what proves it. */
export const attestationSchema = z.object({
	criterion: requiredLineSchema(40),
	note: textSchema(600).default(''),
	evidence: z
		.array(z.object({ kind: z.enum(['file', 'activity', 'meeting']), id: idSchema }))
		.min(1, { error: 'evidence_needed' })
		.max(20),
	version: versionSchema
});

const level = z.coerce.number({ error: 'number' }).int().min(1).max(5);

/** Levels 1–5 for all seven dimensions; every level above 1 names its evidence in `notes`. */
export const assessmentSchema = z
	.object({
		by: z.enum(['self', 'station']),
		levels: z.object(
			Object.fromEntries(dimensions.map((dimension) => [dimension, level])) as Record<
				(typeof dimensions)[number],
				typeof level
			>
		),
		notes: z.partialRecord(z.enum(dimensions), textSchema(600)).default({})
	})
	.superRefine((assessment, context) => {
		for (const dimension of dimensions)
			if (assessment.levels[dimension] > 1 && !assessment.notes[dimension])
				context.addIssue({ code: 'custom', message: 'evidence_needed', path: ['notes', dimension] });
	});
