import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { paperSheets } from '#lib/server/modules/judging/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const competition = await forPage(readCompetition(actor, id));
	const sheets = await forPage(paperSheets(actor, id, event.url.searchParams.get('round') ?? undefined));
	return { competition: { id, title: competition.title }, round: sheets.round, rounds: sheets.rounds, judges: sheets.judges };
};
