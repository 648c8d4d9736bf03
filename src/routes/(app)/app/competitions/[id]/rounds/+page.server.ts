import type { Actor } from '#lib/domain/accounts/types.ts';
import { advanceSchema, bonusGrantSchema } from '#lib/domain/judging/schema.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { mayTransition, readCompetition } from '#lib/server/modules/competitions/index.ts';
import { advance, grantBonus, readRounds, readWholeRanking, scoreText } from '#lib/server/modules/judging/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const competition = await forPage(readCompetition(actor, id));
	const view = await forPage(readRounds(actor, id));
	return {
		competition: { id, title: competition.title, state: competition.state },
		...view,
		rounds: view.rounds.map((round) => ({ ...round, judged: round.groups.some(({ by }) => by === 'judges'), coded: round.groups.some(({ by }) => by === 'codes') })),
		/** Judging has begun, so there is progress to look at. */
		judged: competition.state !== 'screening',
		choices: await choicesOf(actor, id, view.proposals),
		editable: ['screening', 'judging'].includes(competition.state) && mayTransition(actor, competition, 'judging')
	};
};

type Known = { id: string; number: string; title: string };

/** In the order of the ranking so far, for those who may see it. */
const choicesOf = async (actor: Actor, id: string, proposals: readonly Known[]): Promise<{ value: string; label: string }[]> => {
	const plain = proposals.map(({ id: value, number, title }) => ({ value, label: `${number} ${title}` }));
	try {
		const { rows } = await readWholeRanking(actor, id);
		return rows.map(({ proposal, rank, score, number, title }) => ({
			value: proposal,
			label: rank === null ? `${number} ${title}` : m.advance_choice_row({ rank, score: scoreText(score), number, title })
		}));
	} catch (error) {
		if (error instanceof AppError) return plain;
		throw error;
	}
};

const listOf = (value: unknown): unknown => (Array.isArray(value) ? value : typeof value === 'string' ? [value] : []);

export const actions = {
	advance: formAction(advanceSchema, async (input, { event, actor }) => {
		await advance(actor, event.params.id ?? '', input);
		return event.url.pathname;
	}, (values) => ({ ...values, proposals: listOf(values.proposals) })),
	bonus: formAction(bonusGrantSchema, async (input, { event, actor }) => {
		await grantBonus(actor, event.params.id ?? '', input);
		return event.url.pathname;
	})
} satisfies Actions;
