import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { adoptionSchema, documentKindSchema, putToVoteSchema, startDraftSchema } from '#lib/domain/organizations/charters.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { adoptVersion, charterView, discardDraft, organizationFrame, putToVote, startDraft } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const kind = documentKindSchema.safeParse(event.params.kind);
	if (!kind.success) error(404, wordsFor('not_found'));
	const [frame, charter] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(charterView(actor, event.params.id, kind.data))
	]);
	const wanted = Number(event.url.searchParams.get('version'));
	const shown = charter.versions.find(({ number }) => number === wanted) ?? charter.versions.find(({ number }) => number === charter.inForce) ?? charter.versions[0] ?? null;
	return { ...frame, charter, shown };
};

type Context = { event: { params: Partial<Record<string, string>> } };
const place = ({ event }: Context) => ({ id: event.params.id ?? '', kind: documentKindSchema.parse(event.params.kind) });
const pageOf = (context: Context): string => `/app/organizations/${place(context).id}/charter/${place(context).kind}`;

export const actions = {
	start: formAction(startDraftSchema, async (input, context) => {
		const { id, kind } = place(context);
		await startDraft(context.actor, id, kind, input);
		return `${pageOf(context)}/edit`;
	}),
	vote: formAction(putToVoteSchema, async (input, context) => {
		const { id, kind } = place(context);
		await putToVote(context.actor, id, kind, input);
		return pageOf(context);
	}),
	discard: formAction(z.object({ version: versionSchema }), async ({ version }, context) => {
		const { id, kind } = place(context);
		await discardDraft(context.actor, id, kind, version);
		return pageOf(context);
	}),
	adopt: formAction(adoptionSchema.extend({ number: z.coerce.number().int().min(1) }), async ({ number, ...input }, context) => {
		const { id, kind } = place(context);
		await adoptVersion(context.actor, id, kind, number, input);
		return pageOf(context);
	})
} satisfies Actions;
