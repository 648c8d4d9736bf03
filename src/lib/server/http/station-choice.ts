import { error } from '@sveltejs/kit';
import { scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { stationChoices } from '#lib/server/modules/stations/index.ts';
import { wordsFor } from './messages.ts';

/** The station a page below `/app/station` is about: the one asked for, one's own, or the top of what one sees. */
export const stationChoice = async (
	actor: Actor,
	url: URL
): Promise<{ stations: { value: string; label: string; depth: number }[]; chosen: string }> => {
	const items = await stationChoices(actor);
	const own = scopeIds(actor, 'station', ['head', 'worker', 'supervisor', 'finance', 'observer']);
	const top = [...items].sort((a, b) => a.path.length - b.path.length)[0];
	const chosen = url.searchParams.get('station') || own[0] || top?.id;
	if (!chosen) error(404, wordsFor('not_found'));
	return { stations: items.map(({ id, name, depth }) => ({ value: id, label: name, depth })), chosen };
};
