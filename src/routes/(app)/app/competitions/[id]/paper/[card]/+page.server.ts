import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { scorecardFields } from '#lib/server/http/scorecard-form.ts';
import { checkPaper, enterPaper, readPaper } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { keyedInById, ...card } = await forPage(readPaper(actor, event.params.card));
	if (card.competition !== event.params.id) error(404, wordsFor('not_found'));
	return { card, mayCheck: card.status === 'submitted' && card.keyedInBy !== '' && card.checkedBy === '' && keyedInById !== actor.id };
};

const formSchema = scorecardSaveSchema.omit({ client: true, seq: true });

export const actions = {
	enter: formAction(
		formSchema,
		async (input, { event, actor }) => {
			const { card = '', id = '' } = event.params;
			const { status } = await enterPaper(actor, card, { ...input, client: '', seq: 0 });
			return status === 'submitted' ? `/app/competitions/${id}/paper` : `/app/competitions/${id}/paper/${card}?saved=1`;
		},
		(values) => ({ ...(scorecardFields(values) as object), status: values.status })
	),
	check: formAction(z.object({}), async (_input, { event, actor }) => {
		await checkPaper(actor, event.params.card ?? '');
		return `/app/competitions/${event.params.id ?? ''}/paper`;
	})
} satisfies Actions;
