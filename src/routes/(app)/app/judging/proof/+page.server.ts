import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { ownSeals, scoreText } from '#lib/server/modules/judging/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	// Salts are the judge's alone.
	event.setHeaders({ 'Cache-Control': 'private, no-store' });
	const groups = await forPage(ownSeals(signedIn(event)));
	return { groups: groups.map(({ seals, ...group }) => ({ ...group, seals: seals.map((seal) => ({ ...seal, totalText: scoreText(seal.total) })) })) };
};
