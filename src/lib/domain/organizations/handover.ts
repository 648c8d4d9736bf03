import { z } from 'zod';
import { idSchema, requiredTextSchema } from '#lib/domain/shared/fields.ts';

/**
 * Handing a worker's organizations and open follow-ups to a colleague, in one reviewed step. `followUps` are sessions
 * of supervision; what the worker still has to do of them goes along.
 */
export const handOverSchema = z
	.object({
		from: idSchema,
		to: idSchema,
		organizations: z.array(idSchema).max(500).default([]),
		followUps: z.array(idSchema).max(500).default([]),
		reason: requiredTextSchema(300)
	})
	.superRefine((handover, context) => {
		if (handover.from === handover.to) context.addIssue({ code: 'custom', message: 'handover_same', path: ['to'] });
		if (handover.organizations.length + handover.followUps.length === 0)
			context.addIssue({ code: 'custom', message: 'handover_nothing', path: ['organizations'] });
	});
export type HandOver = z.infer<typeof handOverSchema>;

/** The two who look after an organization. */
export type Mentors = { mentor: string | null; secondMentor: string | null };

/** Who looks after it once one person has handed over to another; nobody stands in both places. */
export const mentorsAfter = ({ mentor, secondMentor }: Mentors, from: string, to: string): Mentors => {
	const first = mentor === from ? to : mentor;
	const second = secondMentor === from ? to : secondMentor;
	return { mentor: first, secondMentor: second === first ? null : second };
};
