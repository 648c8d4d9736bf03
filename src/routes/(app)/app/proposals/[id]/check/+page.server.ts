import { redirect } from '@sveltejs/kit';
import { submitSchema } from '#lib/domain/proposals/schema.ts';
import { sectionOf } from '#lib/domain/proposals/completeness.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { placesOfCall, rulesOf } from '#lib/server/http/call-rules.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { checkProposal, correctionPoints, readProposal, submitProposal, writesFor } from '#lib/server/modules/proposals/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const { proposal, competition, rights, told, tooLate } = await forPage(readProposal(actor, id));
	if (!rights.edit) redirect(303, `/app/proposals/${id}`);
	const check = await forPage(checkProposal(actor, id));
	return {
		proposal,
		tooLate,
		competition: { title: competition.title, contact: competition.contact, closesAt: competition.timeline.closesAt, tracks: competition.tracks, categories: competition.budgetRules.categories },
		told,
		rules: rulesOf(competition),
		places: told.amendments.length > 0 ? await placesOfCall(competition) : [],
		maySubmit: rights.submit,
		asksConsent: proposal.proxy && !proposal.consent && writesFor(actor, proposal.organization),
		today: dayOf(now()),
		points: await forPage(correctionPoints(actor, id)),
		ready: check.ready,
		findings: check.findings.map(({ path, code, severity, params, kind }) => ({
			path,
			severity,
			kind,
			section: path === '' ? null : sectionOf(path),
			message: wordsFor(code, params)
		}))
	};
};

export const actions = {
	default: formAction(submitSchema, async (input, { actor, event }) => {
		const { id } = await submitProposal(actor, event.params.id ?? '', { ...input, amendmentsRead: input.amendmentsRead ?? '', consent: input.consent ?? null });
		return `/app/proposals/${id}/receipt`;
	})
} satisfies Actions;
