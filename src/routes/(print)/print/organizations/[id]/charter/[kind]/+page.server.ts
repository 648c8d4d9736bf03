import { error } from '@sveltejs/kit';
import { documentKindSchema } from '#lib/domain/organizations/charters.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { charterView, readOrganization } from '#lib/server/modules/organizations/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const kind = documentKindSchema.safeParse(event.params.kind);
	if (!kind.success) error(404, wordsFor('not_found'));
	const [organization, charter] = await Promise.all([
		forPage(readOrganization(actor, event.params.id)),
		forPage(charterView(actor, event.params.id, kind.data))
	]);
	const wanted = Number(event.url.searchParams.get('version'));
	const shown = charter.versions.find(({ number }) => number === wanted) ?? charter.versions.find(({ number }) => number === charter.inForce);
	if (!shown) error(404, wordsFor('not_found'));
	return { organization: { id: organization.id, name: organization.name, code: organization.code }, kind: kind.data, shown };
};
