import { z } from 'zod';
import { addMonths } from '#lib/domain/shared/days.ts';
import { daySchema, idSchema, lineSchema, requiredLineSchema, requiredTextSchema, textSchema, versionSchema } from '#lib/domain/shared/fields.ts';
import { supervisionForms, supervisionSources } from './tool-terms.ts';
import { idList } from './trainings.ts';

/** Something agreed at a session that somebody does by a day. */
export const followUpSchema = z.object({
	key: z.string().regex(/^[a-z0-9]{1,24}$/, { error: 'key' }),
	text: requiredLineSchema(200),
	/** One of the station's people, or of those above it. */
	owner: idSchema,
	dueOn: daySchema
});
export type FollowUpInput = z.infer<typeof followUpSchema>;

/** A supervision session (督导): what it was about and what was advised; nothing about a worker's private life. */
export const supervisionSchema = z
	.object({
		source: z.enum(supervisionSources, { error: 'choose_one' }),
		form: z.enum(supervisionForms, { error: 'choose_one' }),
		heldOn: daySchema,
		hours: z.coerce.number({ error: 'number' }).min(0, { error: 'too_small' }).max(24).default(0),
		/** The account of an internal supervisor; an external one has a name. */
		supervisor: idSchema.or(z.literal('')).default(''),
		supervisorName: lineSchema(40).default(''),
		/** The workers it was with. */
		workers: idList(50),
		/** The groups it was about. */
		organizations: idList(50),
		topic: requiredLineSchema(80),
		advice: textSchema(4000).default(''),
		followUps: z.array(followUpSchema).max(10).default([])
	})
	.superRefine((session, context) => {
		const issue = (message: string, ...path: (string | number)[]) => context.addIssue({ code: 'custom', message, path });
		if (session.source === 'internal' && session.supervisor === '') issue('choose_one', 'supervisor');
		if (session.source === 'external' && session.supervisorName === '') issue('required', 'supervisorName');
		if (session.workers.length === 0) issue('choose_one', 'workers');
		if (session.form === 'individual' && session.workers.length > 1) issue('one_worker', 'workers');
		if (session.workers.includes(session.supervisor)) issue('supervises_self', 'supervisor');
		for (const [index, { dueOn }] of session.followUps.entries()) if (dueOn < session.heldOn) issue('due_before_held', 'followUps', index, 'dueOn');
	});
export type SupervisionInput = z.infer<typeof supervisionSchema>;

/** A private word on how a worker is doing. */
export const privateNoteSchema = z.object({ worker: idSchema, text: requiredTextSchema(2000), version: versionSchema });
export type PrivateNoteInput = z.infer<typeof privateNoteSchema>;

/** Months without a session after which a worker's supervision is overdue. */
export const supervisionMonths = 3;

/** The day from which a worker is overdue; somebody never supervised is overdue at once. */
export const supervisionDueOn = (lastOn: string | null, today: string): string => (lastOn ? addMonths(lastOn, supervisionMonths) : today);
export const isSupervisionOverdue = (lastOn: string | null, today: string): boolean => supervisionDueOn(lastOn, today) <= today;
