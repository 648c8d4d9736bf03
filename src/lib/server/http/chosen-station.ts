import { error } from '@sveltejs/kit';
import { scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { stationChoices } from '#lib/server/modules/stations/index.ts';
import { wordsFor } from './messages.ts';

/** The station a page of the station's work is about: the one asked for, else the person's own, else the topmost. */
export const chosenStation = async (
	actor: Actor,
	url: URL
): Promise<{ station: string; stationName: string; stations: { value: string; label: string }[]; own: boolean }> => {
	const items = await stationChoices(actor);
	const working = scopeIds(actor, 'station', ['head', 'worker']);
	const own = [...working, ...scopeIds(actor, 'station', ['supervisor', 'finance', 'observer'])];
	const top = [...items].sort((a, b) => a.path.length - b.path.length)[0];
	const station = url.searchParams.get('station') || own[0] || top?.id;
	if (!station) error(404, wordsFor('not_found'));
	return {
		station,
		stationName: items.find(({ id }) => id === station)?.name ?? '',
		stations: items.map(({ id, name }) => ({ value: id, label: name })),
		own: working.includes(station)
	};
};
