import { declaredConflictSchema, introductionSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { declareConflict, introduceJudge, readAppointment } from '#lib/server/modules/judging/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
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
	conflict: formAction(declaredConflictSchema.omit({ judge: true }), async (input, { event, actor }) => {
		const { judge } = await readAppointment(actor, event.params.competition ?? '');
		if (!judge) throw notFound();
		await declareConflict(actor, { ...input, judge: judge.id });
		return `${event.url.pathname}?declared=1#conflicts`;
	})
} satisfies Actions;
