import { error } from '@sveltejs/kit';
import { surveyCsv, surveyXlsx } from '#lib/server/http/downloads/survey-files.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import type { RequestHandler } from './$types';

const files = { csv: surveyCsv, xlsx: surveyXlsx };

export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const format = event.url.searchParams.get('format') ?? 'xlsx';
	if (format !== 'csv' && format !== 'xlsx') error(422, wordsFor('invalid'));
	return forPage(files[format](actor, event.params.id, event.locals.preferences.locale));
};
