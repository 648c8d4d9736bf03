import { error } from '@sveltejs/kit';
import { can } from '#lib/domain/accounts/policy.ts';
import { hasScreened, screeningStand } from '#lib/domain/proposals/screening.ts';
import { screeningSchema } from '#lib/domain/proposals/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { isRecord } from '#lib/server/http/money-fields.ts';
import { resourceOf } from '#lib/server/modules/competitions/index.ts';
import { checkProposal, readProposal, screeningQueue, screeningQueueSchema, screenProposal, submissionHistory } from '#lib/server/modules/proposals/index.ts';
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
	const me = actor.kind === 'user' ? actor.id : '';
	const two = competition.screeners === 2;
	const stand = rights.secondScreener ? 'second' : screeningStand(proposal.screening, proposal.submissions);
	const own = hasScreened(proposal.screening, proposal.submissions, me);
	return {
		proposal,
		tracks: competition.tracks,
		categories: competition.budgetRules.categories,
		checklist: competition.screeningChecklist,
		skipTo: (await forPage(screeningQueue(actor, event.params.id, screeningQueueSchema.parse({ view: 'mine', limit: 1, after: /\d+$/.exec(proposal.number ?? '')?.[0] ?? 0 })))).items[0]?.id ?? null,
		two,
		stand,
		own,
		mayDecide: stand === 'disagree' && can(actor, 'competition.decide', resourceOf(competition)),
		mayScreen: rights.screen && ['open', 'screening'].includes(competition.state) && !(competition.screeningReleasedAt && proposal.status !== 'submitted'),
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
			const waiting = await screeningQueue(actor, id, screeningQueueSchema.parse({ view: 'mine', limit: 2 }));
			const next = waiting.items.find((row) => row.id !== proposal);
			return `/app/competitions/${id}/screening${next ? `/${next.id}` : ''}`;
		},
		(values) => ({
			...values,
			decide: values.decide === 'on',
			checklist: isRecord(values.checklist) ? Object.fromEntries(Object.entries(values.checklist).map(([key, value]) => [key, value === 'on'])) : {}
		})
	)
} satisfies Actions;
