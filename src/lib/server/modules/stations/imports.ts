import type { NewStation } from '#lib/domain/stations/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { Station } from './model.ts';
import { forgetStations } from './queries.ts';

/** A station of a synthetic district: its own id (24 hexadecimal digits), and its parent's path above it. */
export type ImportedStation = Omit<NewStation, 'parent'> & { id: string; above: readonly string[] };

/** Puts many stations into the tree at once, past rights and history: for synthetic data only. */
export const importStations = async (stations: readonly ImportedStation[]): Promise<void> => {
	const documents = stations.map(({ id, above, ...station }) => ({ _id: toId(id), ...station, parent: above.at(-1) ?? null, path: [...above, id] }));
	for (let start = 0; start < documents.length; start += 500) await Station.insertMany(documents.slice(start, start + 500));
	forgetStations();
};
