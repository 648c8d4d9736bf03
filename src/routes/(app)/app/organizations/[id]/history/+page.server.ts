import { storyKinds } from '#lib/domain/organizations/story.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame, organizationStory } from '#lib/server/modules/organizations/index.ts';
import { closedSurveys } from '#lib/server/modules/surveys/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const kind = storyKinds.find((one) => one === event.url.searchParams.get('show')) ?? null;
	const [frame, surveys] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(closedSurveys(actor, event.params.id))
	]);
	return { ...frame, story: await forPage(organizationStory(actor, event.params.id, kind, surveys)), kind };
};
