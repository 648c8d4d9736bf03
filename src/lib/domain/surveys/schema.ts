import { z } from 'zod';
import {
	daySchema,
	idSchema,
	lineSchema,
	requiredLineSchema,
	requiredTextSchema,
	textSchema,
	versionSchema
} from '#lib/domain/shared/fields.ts';
import { questionFaults } from './question-types.ts';
import { ageBands, questionTypes, surveyKinds, surveyStates } from './terms.ts';

export { ageBands, questionTypes, responseFlags, responseSources, surveyKinds, surveyStates } from './terms.ts';

/** Answers may come from an HTML form, where a ticked box is `on`. */
const ticked = z.preprocess((value) => value === true || value === 'on' || value === 'true', z.boolean());

/** A number that may be left empty; empty is null. */
const bound = z.preprocess(
	(value) => (value === '' || value === undefined ? null : typeof value === 'string' ? Number(value) : value),
	z.number({ error: 'number' }).min(-1_000_000_000).max(1_000_000_000).nullable()
);

const key = z.string().regex(/^(?:[a-z][a-z0-9_]{0,39})?$/, { error: 'key' });

/** A question as it is written; without a key it is a new one. */
export const questionSchema = z
	.object({
		key: key.default(''),
		type: z.enum(questionTypes, { error: 'choose_one' }),
		label: requiredLineSchema(200),
		hint: lineSchema(200).default(''),
		required: ticked.default(false),
		asksNeeds: ticked.default(false),
		options: z.array(z.object({ key: key.default(''), label: requiredLineSchema(80) })).max(40).default([]),
		/** The last option asks what is meant. */
		other: ticked.optional(),
		maxChoices: bound.default(null),
		min: bound.default(null),
		max: bound.default(null),
		minLabel: lineSchema(20).default(''),
		maxLabel: lineSchema(20).default(''),
		unit: lineSchema(10).default('')
	})
	.superRefine((question, context) => {
		for (const { path, code, params } of questionFaults(question))
			context.addIssue({ code: 'custom', message: code, path: [path], params });
	});

export const questionsSchema = z.array(questionSchema).max(40);

/** A new survey: from a template by its key, or with one's own questions. */
export const newSurveySchema = z.object({
	kind: z.enum(surveyKinds).default('needs'),
	template: z.string().max(40).default(''),
	title: lineSchema(60).default(''),
	intro: textSchema(600).default(''),
	closesOn: daySchema.or(z.literal('')).default(''),
	questions: questionsSchema.optional()
});

/** What may be changed of a survey. Absent fields stay as they are. */
export const surveyPatchSchema = z.object({
	title: requiredLineSchema(60).optional(),
	intro: textSchema(600).optional(),
	thanks: textSchema(300).optional(),
	closesOn: daySchema.or(z.literal('')).optional(),
	questions: questionsSchema.optional(),
	state: z.enum(surveyStates).optional(),
	version: versionSchema
});

/** What a respondent sends; what the answers may be is said by the survey's own questions. */
export const responseSchema = z.object({
	answers: z.record(z.string().max(60), z.unknown()).default({}),
	contact: z
		.object({ name: z.unknown().optional(), phone: z.unknown().optional(), consent: z.unknown().optional() })
		.default({})
});

/** Leaving an answer out of all counts, or taking it in again. */
export const leaveOutSchema = z
	.object({ leftOut: ticked, reason: textSchema(200).default('') })
	.refine(({ leftOut, reason }) => !leftOut || reason !== '', { error: 'reason_needed', path: ['reason'] });

/** A talk with one resident. The name is kept only where its owner agreed. */
export const interviewSchema = z
	.object({
		/** Who it was without a name: 独居老人, 租户. */
		who: requiredLineSchema(40),
		ageBand: z.enum(ageBands).default('unknown'),
		name: lineSchema(40).default(''),
		nameConsent: ticked.default(false),
		heldOn: daySchema,
		place: lineSchema(80).default(''),
		/** Who asked; the person who enters it when empty. */
		interviewer: lineSchema(40).default(''),
		notes: requiredTextSchema(4000),
		needs: z.array(requiredLineSchema(40)).max(12).default([]),
		/** Somebody others listen to: a prospective core member was found. */
		prospective: ticked.default(false),
		/** That person's line of the roster, when there is one. */
		prospectiveMember: idSchema.or(z.literal('')).default(''),
		/** Name to put on the roster as a prospective core member. */
		prospectiveName: lineSchema(40).default('')
	})
	.refine(({ name, nameConsent }) => name === '' || nameConsent, { error: 'name_consent', path: ['nameConsent'] });

/** Under which words needs count: several under one (merging), one under other words (renaming), or none at all (''). */
export const needNameSchema = z.object({
	needs: z.array(requiredLineSchema(80)).min(1, { error: 'choose_one' }).max(60),
	to: lineSchema(40).default('')
});
