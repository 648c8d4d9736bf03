import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { competitionById } from '#lib/server/modules/competitions/index.ts';
import { proposalScorecards, scoreText } from '#lib/server/modules/judging/index.ts';
import type { PageServerLoad } from './$types';

/** All scorecards of one proposal, for the table of deliberation. */
export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { row, cards, recused } = await forPage(proposalScorecards(actor, event.params.id, event.params.proposal));
	const competition = await competitionById(event.params.id);
	return {
		competition: { id: competition.id, title: competition.title },
		row: { ...row, scoreText: scoreText(row.score) },
		cards: cards.map((card) => ({ ...card, totalText: scoreText(card.total) })),
		recused,
		rounds: competition.rounds.map(({ key, label, weight, groups, rubric }) => ({ key, label, weight, groups: groups.map((group) => ({ key: group.key, label: group.label })), rubric: rubric.map(({ key: criterion, label: name, points }) => ({ key: criterion, label: name, points })) }))
	};
};
