import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { scopeIds } from '#lib/domain/accounts/policy.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { newSurveySchema } from '#lib/domain/surveys/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { stationChoices } from '#lib/server/modules/stations/index.ts';
import { createSurvey, dropTemplate, listStationSurveys, setSurveyRemoved, templatesFor } from '#lib/server/modules/surveys/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { searchParams } = event.url;
	const stations = await stationChoices(actor);
	const own = scopeIds(actor, 'station', ['head', 'worker', 'supervisor', 'finance', 'observer']);
	const station = searchParams.get('station') || own[0] || stations[0]?.id;
	if (!station) error(404, wordsFor('not_found'));
	const { items, next, rights } = await forPage(listStationSurveys(actor, station, { limit: 50, cursor: searchParams.get('cursor') ?? undefined }));
	const removed = searchParams.get('removed') ?? '';
	const templates = await templatesFor(station);
	return {
		station,
		stationName: stations.find(({ id }) => id === station)?.name ?? '',
		surveys: items,
		next,
		rights,
		entry: freshId(),
		removed: /^[0-9a-f]{24}$/.test(removed) ? removed : null,
		templates: templates.map(({ key, title, questions }) => ({ key, title, questions: questions.length }))
	};
};

const start = newSurveySchema.pick({ template: true, title: true, closesOn: true }).and(z.object({ entry: idSchema.optional(), station: idSchema }));

export const actions = {
	create: formAction(start, async ({ entry, station, ...survey }, { actor }) => {
		const { id } = await createSurvey(actor, { station }, { kind: 'needs', intro: '', ...survey }, entry);
		return `/app/surveys/${id}/edit`;
	}),
	drop: formAction(z.object({ template: idSchema, station: idSchema }), async ({ template, station }, { actor }) => {
		await dropTemplate(actor, station, template);
		return `/app/station/surveys?station=${station}`;
	}),
	restore: formAction(z.object({ survey: idSchema }), async ({ survey }, { actor }) => {
		await setSurveyRemoved(actor, survey, false);
		return `/app/surveys/${survey}`;
	})
} satisfies Actions;
