import { z } from 'zod';
import { error } from '@sveltejs/kit';
import { assessmentSchema } from '#lib/domain/organizations/schema.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { assess, organizationFrame, organizationMaturity } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, maturity] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(organizationMaturity(actor, event.params.id))
	]);
	const by = event.url.searchParams.get('by') === 'self' ? ('self' as const) : ('station' as const);
	if (!(by === 'self' ? frame.rights.assessSelf : frame.rights.assessStation)) error(403, wordsFor('forbidden'));
	const last = by === 'self' ? maturity.self : maturity.station;
	return { ...frame, by, model: maturity.model, suggestions: maturity.suggestions, last, entry: freshId() };
};

export const actions = {
	default: formAction(assessmentSchema.and(z.object({ entry: idSchema.optional(), acknowledged: z.literal('on').optional() })), async ({ entry, acknowledged, ...assessment }, { actor, event }) => {
		const id = event.params.id ?? '';
		const { overall } = await assess(actor, id, assessment, entry, acknowledged === 'on');
		return `/app/organizations/${id}/maturity?saved=${overall}`;
	})
} satisfies Actions;
