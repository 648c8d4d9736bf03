import { advanceSchema, bonusGrantSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { mayTransition, readCompetition } from '#lib/server/modules/competitions/index.ts';
import { advance, grantBonus, readRounds } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const competition = await forPage(readCompetition(actor, id));
	return {
		competition: { id, title: competition.title, state: competition.state },
		...(await forPage(readRounds(actor, id))),
		editable: ['screening', 'judging'].includes(competition.state) && mayTransition(actor, competition, 'judging')
	};
};

export const actions = {
	advance: formAction(advanceSchema, async (input, { event, actor }) => {
		await advance(actor, event.params.id ?? '', input);
		return event.url.pathname;
	}),
	bonus: formAction(bonusGrantSchema, async (input, { event, actor }) => {
		await grantBonus(actor, event.params.id ?? '', input);
		return event.url.pathname;
	})
} satisfies Actions;
