import { trialSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { dropTrial, readTrial, sampleFrom, setTrial } from '#lib/server/modules/judging/index.ts';
import { z } from 'zod';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const from = event.url.searchParams.get('from') ?? '';
	const { title, state } = await forPage(readCompetition(actor, id));
	const view = await forPage(readTrial(actor, id));
	return {
		competition: { id, title, state },
		...view,
		from,
		sample: from === '' ? null : await forPage(sampleFrom(actor, id, from)),
		saved: event.url.searchParams.has('saved'),
		editable: ['draft', 'announced', 'open', 'screening', 'judging'].includes(state)
	};
};

export const actions = {
	save: formAction(
		trialSchema,
		async (input, { event, actor }) => {
			await setTrial(actor, event.params.id ?? '', input);
			return `${event.url.pathname}?saved=1`;
		},
		({ required, ...values }) => ({ ...values, required: required === 'on' })
	),
	drop: formAction(z.object({}), async (_input, { event, actor }) => {
		await dropTrial(actor, event.params.id ?? '');
		return event.url.pathname;
	})
} satisfies Actions;
