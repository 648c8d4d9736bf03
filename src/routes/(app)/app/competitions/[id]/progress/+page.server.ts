import { idSchema } from '#lib/domain/shared/fields.ts';
import { remindSchema, reopenSchema } from '#lib/domain/judging/schema.ts';
import { transitionSchema } from '#lib/domain/competitions/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { mayTransition, readCompetition, transitionBlockers, transitionCompetition } from '#lib/server/modules/competitions/index.ts';
import { judgingProgress, remind, reopenScorecard } from '#lib/server/modules/judging/index.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { remindingOf } from './reminding.ts';
import type { Actions, PageServerLoad } from './$types';

/** Submitted scorecards and proposals shown at once. */
const most = 200;

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const competition = await forPage(readCompetition(actor, id));
	const { submittedCards, proposals, ...progress } = await forPage(judgingProgress(actor, id, event.url.searchParams.get('round') ?? 'current'));
	const judge = event.url.searchParams.get('judge') ?? '';
	const editable = competition.state === 'judging' && mayTransition(actor, competition, 'deliberation');
	const blockers = editable ? await transitionBlockers(actor, id, 'deliberation') : [];
	return {
		/** What would be left out if judging ended now. */
		closing: blockers.map(({ code, params, href }) => ({ message: wordsFor(code, params), href })),
		reminding: editable ? remindingOf(progress.judges, competition, event.url.origin) : null,
		competition: { id, title: competition.title, state: competition.state, until: competition.timeline.scoringUntil },
		...progress,
		judge,
		lacking: proposals.filter((proposal) => proposal.submitted < progress.reviews).slice(0, most),
		lackingCount: proposals.filter((proposal) => proposal.submitted < progress.reviews).length,
		proposalCount: proposals.length,
		cards: submittedCards.filter((card) => card.judge === judge).slice(0, most),
		editable
	};
};

export const actions = {
	remind: formAction(remindSchema, async (input, { event, actor }) => ({ ...(await remind(actor, event.params.id ?? '', input)) })),
	reopen: formAction(reopenSchema.extend({ card: idSchema }), async ({ card, reason }, { event, actor }) => {
		await reopenScorecard(actor, card, reason);
		return event.url.pathname;
	}),
	/** Ends the round; with scorecards outstanding only for a reason. */
	close: formAction(transitionSchema.pick({ reason: true }), async ({ reason }, { event, actor }) => {
		const id = event.params.id ?? '';
		await transitionCompetition(actor, id, { to: 'deliberation', reason });
		return `/app/competitions/${id}/ranking`;
	})
} satisfies Actions;
