import { z } from 'zod';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { needNameSchema } from '#lib/domain/surveys/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame } from '#lib/server/modules/organizations/index.ts';
import { listInterviews, listSurveys, nameNeeds, organizationNeeds, restoreNeeds, setInterviewRemoved, setSurveyRemoved } from '#lib/server/modules/surveys/index.ts';
import type { Actions, PageServerLoad } from './$types';

const idIn = (text: string | null): string | null => (text && /^[0-9a-f]{24}$/.test(text) ? text : null);

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const { searchParams } = event.url;
	const [frame, needs, surveys, interviews] = await Promise.all([
		forPage(organizationFrame(actor, id)),
		forPage(organizationNeeds(actor, id)),
		forPage(listSurveys(actor, id, { limit: 50, cursor: searchParams.get('cursor') ?? undefined })),
		forPage(listInterviews(actor, id, { limit: 20, cursor: searchParams.get('talks') ?? undefined }))
	]);
	return {
		...frame,
		asked: needs,
		surveys: surveys.items,
		moreSurveys: surveys.next,
		interviews: interviews.items,
		moreInterviews: interviews.next,
		removed: idIn(searchParams.get('removed')),
		removedTalk: idIn(searchParams.get('removedTalk'))
	};
};

const pathOf = (id: string): string => `/app/organizations/${id}/needs`;
const chosen = z.object({ needs: needNameSchema.shape.needs });

export const actions = {
	name: formAction(needNameSchema.refine(({ to }) => to !== '', { error: 'required', path: ['to'] }), async (input, { actor, event }) => {
		await nameNeeds(actor, event.params.id ?? '', input);
		return { done: true };
	}),
	leave: formAction(chosen, async ({ needs }, { actor, event }) => {
		await nameNeeds(actor, event.params.id ?? '', { needs, to: '' });
		return { done: true };
	}),
	restore: formAction(chosen, async ({ needs }, { actor, event }) => {
		await restoreNeeds(actor, event.params.id ?? '', needs);
		return { done: true };
	}),
	survey: formAction(z.object({ survey: idSchema }), async ({ survey }, { actor, event }) => {
		await setSurveyRemoved(actor, survey, false);
		return pathOf(event.params.id ?? '');
	}),
	interview: formAction(z.object({ interview: idSchema }), async ({ interview }, { actor, event }) => {
		await setInterviewRemoved(actor, event.params.id ?? '', interview, false);
		return pathOf(event.params.id ?? '');
	})
} satisfies Actions;
