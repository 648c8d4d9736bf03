import { redirect } from '@sveltejs/kit';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { nextToScore } from '#lib/server/modules/judging/index.ts';
import type { RequestHandler } from './$types';

/** On to the next scorecard, found when it is asked for; to the queue when all is done. */
export const GET: RequestHandler = async (event) => {
	const next = await forPage(nextToScore(signedIn(event), event.params.id));
	redirect(303, next ? `/app/judging/${next}` : '/app/judging');
};
