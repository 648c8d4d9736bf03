import { error, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { scopeIds } from '#lib/domain/accounts/policy.ts';
import { consentSchema } from '#lib/domain/proposals/schema.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { competitionById, openCompetitions } from '#lib/server/modules/competitions/index.ts';
import { listOrganizations, organizationListSchema, organizationsOfUser, projectIdeas } from '#lib/server/modules/organizations/index.ts';
import { createProposal, ownIn } from '#lib/server/modules/proposals/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import type { Actions, PageServerLoad } from './$types';

/** The groups the actor may write for: their own, or for a worker those of the station (代录). */
const groupsFor = async (actor: ReturnType<typeof signedIn>, search: string) => {
	const own = await organizationsOfUser(actor);
	const stations = scopeIds(actor, 'station', ['head', 'worker']);
	if (stations.length === 0) return { own: true, groups: own.map(({ id, name }) => ({ id, name })) };
	const { items } = await listOrganizations(actor, organizationListSchema.parse({ limit: 100, ...(search ? { q: search } : {}) }));
	return { own: false, groups: items.filter(({ station }) => stations.includes(station)).map(({ id, name }) => ({ id, name })) };
};

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const id = event.url.searchParams.get('competition') ?? '';
	const kept = { organization: event.url.searchParams.get('organization') ?? '', idea: event.url.searchParams.get('idea') ?? '' };
	if (!idSchema.safeParse(id).success) {
		// Somebody comes with an idea first and picks a call for it here.
		if (kept.idea === '') redirect(303, '/competitions');
		const calls = await openCompetitions();
		return { competition: null, calls: calls.map(({ id: call, title, closesAt, stationName }) => ({ id: call, title, closesAt, stationName })), kept, own: true, today: '', search: '', groups: [], ideas: [] };
	}
	const competition = await forPage(competitionById(id));
	if (competition.state === 'draft') error(404, wordsFor('not_found'));
	const search = event.url.searchParams.get('search') ?? '';
	const { own, groups } = await forPage(groupsFor(actor, search));
	const begun = await ownIn(actor, id, groups.map((group) => group.id));
	const standing = begun.filter(({ status }) => status !== 'withdrawn');
	if (own && groups.length === 1 && standing[0]) redirect(303, `/app/proposals/${standing[0].id}`);
	const group = groups.find(({ id: candidate }) => candidate === kept.organization) ?? (groups.length === 1 ? groups[0] : undefined);
	const ideas = group && !standing.some(({ organization }) => organization === group.id) ? await forPage(projectIdeas(actor, group.id)) : [];
	return {
		calls: [],
		kept: { ...kept, organization: group?.id ?? '' },
		ideas: ideas.map(({ id: idea, title, need }) => ({ id: idea, title, need })),
		competition: { id, title: competition.title, state: competition.state, closesAt: competition.timeline.closesAt },
		own,
		today: dayOf(now()),
		search,
		groups: groups.map((group) => ({ ...group, proposal: standing.find(({ organization }) => organization === group.id)?.id ?? null }))
	};
};

const newSchema = z.object({
	competition: idSchema,
	organization: idSchema,
	idea: idSchema.or(z.literal('').transform(() => undefined)).optional(),
	consent: consentSchema.optional()
});

export const actions = {
	default: formAction(newSchema, async ({ competition, organization, idea, consent }, { actor }) => {
		try {
			const { id } = await createProposal(actor, competition, { organization, idea, consent: consent ?? null });
			return `/app/proposals/${id}`;
		} catch (refusal) {
			// Somebody of the group has begun already: that one is the group's.
			const first = refusal instanceof AppError && refusal.code === 'proposal_exists' ? (refusal.current as { id: string | null }).id : null;
			if (first) return `/app/proposals/${first}`;
			throw refusal;
		}
	})
} satisfies Actions;
