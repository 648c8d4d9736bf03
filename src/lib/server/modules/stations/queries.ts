import { can, visibleStations } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Community, OperatingMode, StationLevel } from '#lib/domain/stations/types.ts';
import { packCursor, toId, toIds, unpackCursor, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
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

/** A station by id, for other modules (its path decides rights). 404 when there is none. */
export const stationById = async (id: string): Promise<StationView> => {
	const station = await Station.findById(toId(id)).lean();
	if (!station) throw notFound();
	return view(station);
};

/** Several stations at once, for names beside rows. */
export const stationsByIds = async (ids: readonly string[]): Promise<Map<string, StationView>> => {
	if (ids.length === 0) return new Map();
	const stations = await Station.find({ _id: { $in: toIds([...new Set(ids)]) } }).lean();
	return new Map(stations.map((station) => [station._id.toHexString(), view(station)]));
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

const rememberMs = 10_000;
const choices = new Map<string, { until: number; list: Promise<StationChoice[]> }>();

const readChoices = async (visible: string[] | null): Promise<StationChoice[]> => {
	const stations = await Station.find(visible ? { path: { $in: visible } } : {}, { name: 1, path: 1, communities: 1 })
		.sort({ name: 1, _id: 1 })
		.limit(200)
		.lean();
	return stations.map(({ _id, name, path, communities }) => ({ id: _id.toHexString(), name, depth: path.length, path, communities }));
};

/**
 * The first 200 stations the actor may see, by name, for the filters of lists. The tree hardly ever changes, so
 * what people of the same rights see is remembered for ten seconds.
 */
export const stationChoices = (actor: Actor): Promise<StationChoice[]> => {
	const visible = visibleStations(actor);
	if (visible !== null && visible.length === 0) return Promise.resolve([]);
	const key = visible === null ? '*' : [...visible].sort().join(',');
	const known = choices.get(key);
	if (known && known.until > Date.now()) return known.list;
	const list = readChoices(visible);
	if (choices.size > 1000) choices.clear();
	choices.set(key, { until: Date.now() + rememberMs, list });
	list.catch(() => choices.delete(key));
	return list;
};

/** A station for somebody who works with it; 404 for others. */
export const readStation = async (actor: Actor, id: string): Promise<StationView> => {
	const station = await stationById(id);
	if (!can(actor, 'station.read', { station: id, stationPath: station.path })) throw notFound();
	return station;
};

/** How many stations there are, for the home page. */
export const countStations = (): Promise<number> => Station.estimatedDocumentCount();
