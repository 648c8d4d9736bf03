import { can, visibleStations } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Community, OperatingMode, StationLevel } from '#lib/domain/stations/types.ts';
import { packCursor, toId, toIds, unpackCursor, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { inOneRead } from '#lib/server/platform/one-read.ts';
import { Station, type StationDocument } from './model.ts';

/** A station as pages and programs see it. */
export type StationView = {
	id: string;
	name: string;
	slug: string;
	level: StationLevel;
	parent: string | null;
	path: string[];
	operator: string;
	mode: OperatingMode;
	address: string;
	phone: string;
	intro: string;
	communities: Community[];
	version: number;
};

const view = ({ _id, ...station }: StationDocument): StationView => ({ id: _id.toHexString(), ...station });

// The tree hardly ever changes, and every page of a list shows names from it.
const stations = createMemory<StationView | null>({ name: 'stations', freshMs: 5000, most: 5000, worth: (station) => station !== null });
const choices = createMemory<StationChoice[]>({ name: 'station-choices', freshMs: 10_000, staleMs: 20_000, most: 1000 });

/** After a station was made or changed: the next reads are anew. */
export const forgetStations = (): void => {
	stations.forget();
	choices.forget();
};

const readStations = inOneRead(async (ids) => {
	const found = await Station.find({ _id: { $in: toIds(ids) } }).lean();
	return new Map(found.map((station) => [station._id.toHexString(), view(station)]));
});
const stationOrNull = (id: string): Promise<StationView | null> => stations.read(id, async () => (await readStations(id)) ?? null);

/** A station by id, for other modules (its path decides rights), at most five seconds old. 404 when there is none. */
export const stationById = async (id: string): Promise<StationView> => {
	toId(id);
	const station = await stationOrNull(id);
	if (!station) throw notFound();
	return station;
};

/** Several stations at once, for names beside rows; likewise. */
export const stationsByIds = async (ids: readonly string[]): Promise<Map<string, StationView>> => {
	toIds(ids);
	const found = await Promise.all([...new Set(ids)].map(stationOrNull));
	return new Map(found.flatMap((station) => (station ? [[station.id, station]] : [])));
};

/** The public page of a station. */
export const stationBySlug = async (slug: string): Promise<StationView> => {
	const station = await Station.findOne({ slug }).lean();
	if (!station) throw notFound();
	return view(station);
};

/** Street and community stations that take applications, by name: the choice on the application form. */
export const stationsForApplication = async (): Promise<
	{ id: string; name: string; communities: { key: string; name: string }[] }[]
> => {
	const stations = await Station.find({ level: 'street' }, { name: 1, communities: 1 }).sort({ name: 1 }).limit(1000).lean();
	return stations.map((station) => ({
		id: station._id.toHexString(),
		name: station.name,
		communities: station.communities.map(({ key, name }) => ({ key, name }))
	}));
};

/** Stations the actor may see, by name, a page at a time. */
export const listStations = async (actor: Actor, page: PageInput): Promise<Page<StationView>> => {
	const visible = visibleStations(actor);
	if (visible !== null && visible.length === 0) throw forbidden();
	const after = page.cursor ? unpackCursor(page.cursor, 2) : null;
	const rows = await Station.find({
		...(visible ? { path: { $in: visible } } : {}),
		...(after
			? { $or: [{ name: { $gt: String(after[0]) } }, { name: String(after[0]), _id: { $gt: toId(String(after[1])) } }] }
			: {})
	})
		.sort({ name: 1, _id: 1 })
		.limit(page.limit + 1)
		.lean();
	const items = rows.slice(0, page.limit);
	const last = items.at(-1);
	return {
		items: items.map(view),
		next: rows.length > page.limit && last ? packCursor([last.name, last._id.toHexString()]) : null
	};
};

/** A station as a choice in a filter; `depth` is 1 for the city. */
export type StationChoice = { id: string; name: string; depth: number; path: string[]; communities: { key: string; name: string }[] };

const readChoices = async (visible: string[] | null): Promise<StationChoice[]> => {
	const stations = await Station.find(visible ? { path: { $in: visible } } : {}, { name: 1, path: 1, communities: 1 })
		.sort({ name: 1, _id: 1 })
		.limit(200)
		.lean();
	return stations.map(({ _id, name, path, communities }) => ({ id: _id.toHexString(), name, depth: path.length, path, communities }));
};

/**
 * The first 200 stations the actor may see, by name, for the filters of lists. What people of the same rights see is
 * remembered for a while.
 */
export const stationChoices = (actor: Actor): Promise<StationChoice[]> => {
	const visible = visibleStations(actor);
	if (visible !== null && visible.length === 0) return Promise.resolve([]);
	return choices.read(visible === null ? '*' : [...visible].sort().join(','), () => readChoices(visible));
};

/** A station for somebody who works with it; 404 for others. */
export const readStation = async (actor: Actor, id: string): Promise<StationView> => {
	const station = await stationById(id);
	if (!can(actor, 'station.read', { station: id, stationPath: station.path })) throw notFound();
	return station;
};

/** How many stations there are, for the home page. */
export const countStations = (): Promise<number> => Station.estimatedDocumentCount();
