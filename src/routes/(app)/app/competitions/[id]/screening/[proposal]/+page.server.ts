import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import { hasScreened } from '#lib/domain/proposals/screening.ts';
import { screeningSchema } from '#lib/domain/proposals/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { isRecord } from '#lib/server/http/money-fields.ts';
import { resourceOf } from '#lib/server/modules/competitions/index.ts';
import { checkProposal, readProposal, openOpinions, screeningPlace, screenProposal, submissionHistory } from '#lib/server/modules/proposals/index.ts';
import { lastScreened } from '../last-screened.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const id = event.params.proposal;
	const [{ proposal, competition, rights, stand }, check, history] = await Promise.all([
		forPage(readProposal(actor, id)),
		forPage(checkProposal(actor, id)),
		forPage(submissionHistory(actor, id))
	]);
	if (proposal.competition !== event.params.id || !rights.organizer) error(404, wordsFor('not_found'));
	const me = actor.kind === 'user' ? actor.id : '';
	const two = competition.screeners === 2;
	const own = hasScreened(proposal.screening, proposal.submissions, me);
	return {
		proposal,
		tracks: competition.tracks,
		categories: competition.budgetRules.categories,
		checklist: competition.screeningChecklist,
		place: await forPage(screeningPlace(actor, event.params.id, proposal)),
		last: await lastScreened(actor, event.params.id, event.url),
		two,
		stand,
		own,
		opinion: proposal.screening.findLast(({ by, submission }) => by === me && submission === proposal.submissions) ?? null,
		unspoken: rights.unspoken,
		arbiter: rights.arbiter,
		settled: rights.screen && !rights.speak,
		mayDecide: stand === 'disagree' && can(actor, 'competition.decide', resourceOf(competition)),
		mayScreen: rights.screen && rights.speak && ['open', 'screening'].includes(competition.state) && !(competition.screeningReleasedAt && proposal.status !== 'submitted'),
		history,
		findings: check.findings
			.filter(({ kind }) => kind !== 'missing')
			.map(({ path, code, severity, params }) => ({ path, severity, message: wordsFor(code, params) })),
		eligibility: check.eligibility.map(({ key, met, reason, params }) => ({ key, met, message: wordsFor(`elig_${reason}`, params) }))
	};
};

export const actions = {
	open: formAction(z.object({}), async (_input, { actor, event }) => {
		const { id = '', proposal = '' } = event.params;
		await openOpinions(actor, proposal);
		return `/app/competitions/${id}/screening/${proposal}#decide`;
	}),
	screen: formAction(
		screeningSchema,
		async (input, { actor, event }) => {
			const { id = '', proposal = '' } = event.params;
			const { number } = await screenProposal(actor, proposal, input);
			const { next, previous } = await screeningPlace(actor, id, { id: proposal, number });
			const then = next ?? previous;
			return `/app/competitions/${id}/screening${then ? `/${then}` : ''}?last=${proposal}`;
		},
		(values) => ({
			...values,
			decide: values.decide === 'on',
			checklist: isRecord(values.checklist) ? Object.fromEntries(Object.entries(values.checklist).map(([key, value]) => [key, value === 'on'])) : {}
		})
	)
} satisfies Actions;
