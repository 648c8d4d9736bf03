import { error } from '@sveltejs/kit';
import { screeningSchema } from '#lib/domain/proposals/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { isRecord } from '#lib/server/http/money-fields.ts';
import { checkProposal, listProposals, proposalListSchema, readProposal, screenProposal, submissionHistory } from '#lib/server/modules/proposals/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const id = event.params.proposal;
	const [{ proposal, competition, rights }, check, history] = await Promise.all([
		forPage(readProposal(actor, id)),
		forPage(checkProposal(actor, id)),
		forPage(submissionHistory(actor, id))
	]);
	if (proposal.competition !== event.params.id || !rights.organizer) error(404, wordsFor('not_found'));
	return {
		proposal,
		tracks: competition.tracks,
		categories: competition.budgetRules.categories,
		checklist: competition.screeningChecklist,
		screeners: competition.screeners,
		mayScreen: rights.screen && ['open', 'screening'].includes(competition.state),
		history,
		findings: check.findings
			.filter(({ kind }) => kind !== 'missing')
			.map(({ path, code, severity, params }) => ({ path, severity, message: wordsFor(code, params) })),
		eligibility: check.eligibility.map(({ key, met, reason, params }) => ({ key, met, message: wordsFor(`elig_${reason}`, params) }))
	};
};

export const actions = {
	default: formAction(
		screeningSchema,
		async (input, { actor, event }) => {
			const { id = '', proposal = '' } = event.params;
			await screenProposal(actor, proposal, input);
			const waiting = await listProposals(actor, id, proposalListSchema.parse({ status: 'submitted', limit: 2 }));
			const next = waiting.items.find((row) => row.id !== proposal);
			return `/app/competitions/${id}/screening${next ? `/${next.id}` : ''}`;
		},
		(values) => ({
			...values,
			checklist: isRecord(values.checklist) ? Object.fromEntries(Object.entries(values.checklist).map(([key, value]) => [key, value === 'on'])) : {}
		})
	)
} satisfies Actions;
