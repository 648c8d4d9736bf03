import { fail, type Actions } from '@sveltejs/kit';
import { checkContent } from '#lib/domain/proposals/check.ts';
import { proposalDraftSchema } from '#lib/domain/proposals/schema.ts';
import { prepareDraft } from '#lib/server/http/draft-form.ts';
import { readForm, readFormData } from '#lib/server/http/form-data.ts';
import { failForm } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { issuesOf, wordsFor } from '#lib/server/http/messages.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { invalid } from '#lib/server/platform/errors.ts';
import type { PageServerLoad } from './$types';

/** The form as applicants will have it, with the settings as they stand. Nothing is ever written here. */
export const load: PageServerLoad = async (event) => {
	const competition = await forPage(readCompetition(signedIn(event), event.params.id));
	return {
		tracks: competition.tracks,
		categories: competition.budgetRules.categories,
		call: { title: competition.title, theme: competition.theme, closesAt: competition.timeline.closesAt }
	};
};

export const actions: Actions = {
	check: async (event) => {
		const competition = await forPage(readCompetition(signedIn(event), event.params.id ?? ''));
		const values = readFormData(await readForm(event.request));
		try {
			const parsed = proposalDraftSchema.safeParse(prepareDraft(values));
			if (!parsed.success) throw invalid(issuesOf(parsed.error));
			const { findings, total } = checkContent(competition, parsed.data);
			return {
				draft: parsed.data,
				total,
				findings: findings.map(({ path, code, severity, params }) => ({ path, code, severity, params, message: wordsFor(code, params) }))
			};
		} catch (refusal) {
			const { status, data } = failForm(refusal, values);
			return fail(status, { ...data, draft: null, findings: [] });
		}
	}
};
