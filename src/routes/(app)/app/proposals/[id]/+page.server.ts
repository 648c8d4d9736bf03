import { z } from 'zod';
import { namedParams } from '#lib/domain/proposals/check.ts';
import { proposalStepSchema } from '#lib/domain/proposals/schema.ts';
import { placesOfCall, rulesOf } from '#lib/server/http/call-rules.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { groupResult, scoreText } from '#lib/server/modules/judging/index.ts';
import { checkProposal, correctionPoints, markSeen, readProposal, reopenProposal, submissionHistory, withdrawProposal } from '#lib/server/modules/proposals/index.ts';
import type { Actions, PageServerLoad } from './$types';

const withdrawable = ['announced', 'open', 'screening', 'judging'];

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const { proposal, competition, rights, told, tooLate } = await forPage(readProposal(actor, id));
	const [check, history, result, points] = await Promise.all([
		rights.edit ? forPage(checkProposal(actor, id)) : null,
		forPage(submissionHistory(actor, id)),
		proposal.outcome ? forPage(groupResult(actor, id)) : null,
		rights.edit ? forPage(correctionPoints(actor, id)) : []
	]);
	return {
		proposal,
		competition: {
			id: competition.id,
			title: competition.title,
			slug: competition.slug,
			state: competition.state,
			closesAt: competition.timeline.closesAt,
			contact: competition.contact,
			scoringUntil: competition.timeline.scoringUntil,
			tracks: competition.tracks,
			categories: competition.budgetRules.categories
		},
		tooLate,
		rights,
		told,
		result: result && { ...result, scoreText: scoreText(result.score) },
		rules: rulesOf(competition),
		places: told.amendments.length > 0 ? await placesOfCall(competition) : [],
		mayWithdraw: rights.submit && withdrawable.includes(competition.state) && !['withdrawn', 'rejected'].includes(proposal.status),
		mayAskRecusal: rights.submit && ['submitted', 'passed'].includes(proposal.status) && ['open', 'screening', 'judging'].includes(competition.state),
		mayReopen: rights.submit && proposal.status === 'withdrawn' && competition.state === 'open',
		findings: (check?.findings ?? []).map(({ path, code, severity, params, kind }) => ({ path, severity, kind, message: wordsFor(code, params) })),
		eligibility: (check?.eligibility ?? []).map(({ key, met, reason, params }) => ({ key, met, message: wordsFor(`elig_${reason}`, namedParams(params)) })),
		history,
		points
	};
};

export const actions = {
	seen: formAction(z.object({ then: z.enum(['', 'check']).default('').catch('') }), async ({ then }, { actor, event }) => {
		await markSeen(actor, event.params.id ?? '');
		return `/app/proposals/${event.params.id ?? ''}${then ? `/${then}` : ''}`;
	}),
	withdraw: formAction(proposalStepSchema, async (input, { actor, event }) => {
		await withdrawProposal(actor, event.params.id ?? '', input);
		return `/app/proposals/${event.params.id ?? ''}`;
	}),
	reopen: formAction(proposalStepSchema, async (_input, { actor, event }) => {
		await reopenProposal(actor, event.params.id ?? '');
		return `/app/proposals/${event.params.id ?? ''}`;
	})
} satisfies Actions;
