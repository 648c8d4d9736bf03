import { error } from '@sveltejs/kit';
import { documentKindSchema } from '#lib/domain/organizations/charters.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { compareVersions, organizationFrame } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const kind = documentKindSchema.safeParse(event.params.kind);
	if (!kind.success) error(404, wordsFor('not_found'));
	const number = (key: string): number => Number(event.url.searchParams.get(key) ?? '') || 0;
	const [from, to] = [number('from'), number('to')];
	const [frame, { changes }] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(compareVersions(actor, event.params.id, kind.data, from, to))
	]);
	return { ...frame, kind: kind.data, from, to, changes };
};
