import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { proposalCounts, releaseScreening, returnedProposals, screeningQueue, screeningQueueSchema } from '#lib/server/modules/proposals/index.ts';
import { z } from 'zod';
import { lastScreened } from './last-screened.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const input = screeningQueueSchema.parse({ ...Object.fromEntries(event.url.searchParams), limit: 50 });
	const [waiting, own, returned, competition, counts] = await Promise.all([
		forPage(screeningQueue(actor, id, input)),
		forPage(screeningQueue(actor, id, screeningQueueSchema.parse({ view: 'mine', limit: 1 }))),
		forPage(returnedProposals(actor, id)),
		forPage(readCompetition(actor, id)),
		proposalCounts(id)
	]);
	return {
		waiting,
		last: await lastScreened(actor, id, event.url),
		next: own.items[0]?.id ?? null,
		returned,
		filter: { view: input.view, track: input.track, search: input.search },
		tracks: competition.tracks.map(({ key, label }) => ({ key, label })),
		two: competition.screeners === 2,
		counts,
		release: { done: competition.screeningReleasedAt ?? null, possible: competition.state === 'screening' && counts.submitted + counts.returned === 0 && counts.passed + counts.rejected > 0 }
	};
};

export const actions = {
	release: formAction(z.object({}), async (_input, { actor, event }) => {
		await releaseScreening(actor, event.params.id ?? '');
		return `/app/competitions/${event.params.id ?? ''}/screening`;
	})
} satisfies Actions;
