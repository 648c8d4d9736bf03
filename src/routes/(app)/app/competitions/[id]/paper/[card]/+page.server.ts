import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { scorecardFields } from '#lib/server/http/scorecard-form.ts';
import { checkPaper, enterPaper, readPaper, reopenScorecard } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { keyedInById, ...card } = await forPage(readPaper(actor, event.params.card));
	if (card.competition !== event.params.id) error(404, wordsFor('not_found'));
	const mayCheck = card.status === 'submitted' && card.keyedInBy !== '' && card.checkedBy === '' && keyedInById !== actor.id;
	// The second person reads the paper, not what the first one read.
	return { card: { ...card, scores: mayCheck ? {} : card.scores }, refusal: card.refusal ? wordsFor(card.refusal) : '', mayCheck };
};

const formSchema = scorecardSaveSchema.omit({ client: true, seq: true });

export const actions = {
	enter: formAction(
		formSchema,
		async (input, { event, actor }) => {
			const { card = '', id = '' } = event.params;
			const { status } = await enterPaper(actor, card, { ...input, client: '', seq: 0 });
			return status === 'submitted' ? `/app/competitions/${id}/paper?done=${card}#card-${card}` : `/app/competitions/${id}/paper/${card}?saved=1`;
		},
		(values) => ({ ...(scorecardFields(values) as object), status: values.status })
	),
	check: formAction(
		scorecardSaveSchema.pick({ scores: true }),
		async ({ scores }, { event, actor }) => {
			const { card = '', id = '' } = event.params;
			await checkPaper(actor, card, scores);
			return `/app/competitions/${id}/paper?done=${card}#card-${card}`;
		},
		(values) => scorecardFields(values)
	),
	reopen: formAction(z.object({}), async (_input, { event, actor }) => {
		await reopenScorecard(actor, event.params.card ?? '', m.paper_reopen_reason());
		return event.url.pathname;
	})
} satisfies Actions;
