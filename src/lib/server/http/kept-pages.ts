import type { RequestEvent } from '@sveltejs/kit';
import { withGrounds, type Grounds } from '#lib/server/platform/grounds.ts';
import { groundsHeader } from './kept-header.ts';

/**
 * Pages people come back to again and again: from a scorecard to the queue, from a group to the list. They read and
 * change nothing, and show nothing that lives outside the database but the time of day in minutes.
 */
const returnedTo = new Set([
	'/(app)/app',
	'/(app)/app/judging',
	'/(app)/app/judging/[id]',
	'/(app)/app/organizations',
	'/(app)/app/competitions',
	'/(app)/app/competitions/[id]/ranking',
	'/(app)/app/station',
	'/(app)/app/station/next',
	'/(app)/app/station/maturity',
	'/(app)/app/station/cohorts'
]);

const isAsked = ({ request, route, isDataRequest }: RequestEvent): boolean =>
	request.method === 'GET' && !isDataRequest && returnedTo.has(route.id ?? '') && request.headers.has(groundsHeader);

const textOf = ({ counters }: Grounds): string => [...counters].map(([place, counter]) => `${place}.${counter}`).join(' ');

/**
 * Answers, and says what the answer of such a page rests on: the server in front may give it again to the same person
 * as long as nothing of that has changed.
 */
export const withGroundsTold = async (event: RequestEvent, answer: () => Promise<Response>): Promise<Response> => {
	if (!isAsked(event)) return answer();
	const { outcome, grounds } = withGrounds(answer);
	const response = await outcome;
	if (response.status === 200 && !grounds.unknown && event.locals.actor.kind === 'user') response.headers.set(groundsHeader, textOf(grounds));
	return response;
};
