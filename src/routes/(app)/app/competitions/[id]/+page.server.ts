import { amendmentSchema, transitionSchema } from '#lib/domain/competitions/schema.ts';
import { needsReason, nextSteps } from '#lib/domain/competitions/lifecycle.ts';
import { momentOfField } from '#lib/domain/shared/moments.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { textOf } from '#lib/server/http/money-fields.ts';
import { amendCompetition, mayTransition, readCompetition, transitionBlockers, transitionCompetition } from '#lib/server/modules/competitions/index.ts';
import { proposalCounts } from '#lib/server/modules/proposals/index.ts';
import { qrPath } from '#lib/ui/primitives/qr-code/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const competition = await forPage(readCompetition(actor, event.params.id));
	const steps = await Promise.all(
		nextSteps(competition.state)
			.filter((to) => mayTransition(actor, competition, to))
			.map(async (to) => ({
				to,
				reasonNeeded: needsReason(competition.state, to),
				blockers: (await transitionBlockers(actor, competition.id, to)).map(({ code, params, href }) => ({ message: wordsFor(code, params), href }))
			}))
	);
	const { timeline, fund, version, history, amendments, slug, state } = competition;
	const address = new URL(`/competitions/${slug}`, event.url.origin).href;
	const amended = event.url.searchParams.has('amended');
	return { amended, share: state === 'announced' || state === 'open' ? { address, qr: qrPath(address) } : null, timeline, fund, version, history, amendments, slug, state, steps, counts: await proposalCounts(competition.id) };
};

const path = (id: string | undefined): string => `/app/competitions/${id ?? ''}`;

export const actions = {
	transition: formAction(transitionSchema, async (input, { actor, event }) => {
		await transitionCompetition(actor, event.params.id ?? '', input);
		return path(event.params.id);
	}),
	amend: formAction(
		amendmentSchema,
		async (input, { actor, event }) => {
			await amendCompetition(actor, event.params.id ?? '', input);
			return `${path(event.params.id)}?amended=1`;
		},
		(values) => ({ ...values, closesAt: momentOfField(textOf(values.closesAt)) })
	)
} satisfies Actions;
