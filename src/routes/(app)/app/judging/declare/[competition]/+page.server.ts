import { z } from 'zod';
import { declaredConflictSchema, introductionSchema, withdrawnConflictSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { declareConflict, introduceJudge, readAppointment, withdrawConflict } from '#lib/server/modules/judging/index.ts';
import { invalidField, notFound } from '#lib/server/platform/errors.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => ({ ...(await forPage(readAppointment(signedIn(event), event.params.competition))) });

/** Fields of expertise are typed in one line, with any of the usual separators. */
const fields = (text: unknown): string[] =>
	typeof text === 'string' ? text.split(/[,，、;；\s]+/).filter((field) => field !== '') : [];

export const actions = {
	introduce: formAction(
		introductionSchema,
		async (input, { event, actor }) => {
			await introduceJudge(actor, event.params.competition ?? '', input);
			return `${event.url.pathname}?saved=1`;
		},
		({ expertise, ...values }) => ({ ...values, expertise: fields(expertise) })
	),
	/** Marks that will not count any more are said before: then it is asked once. */
	conflict: formAction(declaredConflictSchema.omit({ judge: true }).extend({ confirmed: z.literal('yes').optional() }), async ({ confirmed, ...input }, { event, actor }) => {
		const { judge, proposals } = await readAppointment(actor, event.params.competition ?? '');
		if (!judge) throw notFound();
		const done = `${event.url.pathname}?declared=1#conflicts`;
		if (judge.declared.some(({ proposal }) => proposal === input.proposal)) return done;
		// Which others there are is not found out by asking.
		const chosen = proposals.find(({ id }) => id === input.proposal);
		if (!chosen) throw invalidField('proposal', 'not_found');
		if (!confirmed && (chosen.card === 'draft' || chosen.card === 'submitted')) return { confirm: { ...input, label: chosen.label, card: chosen.card } };
		await declareConflict(actor, { ...input, judge: judge.id });
		return done;
	}),
	withdraw: formAction(withdrawnConflictSchema, async (input, { event, actor }) => {
		await withdrawConflict(actor, event.params.competition ?? '', input);
		return `${event.url.pathname}?withdrawn=1#conflicts`;
	})
} satisfies Actions;
