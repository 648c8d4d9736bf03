import { maturityCells, type MaturityCell } from '#lib/domain/organizations/cohorts.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { Organization } from './model.ts';
import { MaturityTally, type MaturityTallyDocument } from './standards-model.ts';

const countedFields = { category: 1, communities: 1, foundedOn: 1, status: 1, maturity: 1 } as const;

const countStation = async (station: string): Promise<MaturityCell[]> =>
	maturityCells(await Organization.find({ station, status: { $in: ['incubating', 'graduated'] } }, countedFields).lean());

/**
 * Brings a station's count of levels up to date after one of its organizations changed. Counted anew each time, so it
 * may run twice or late without harm.
 */
export const refreshMaturityTally = async (station: string, stationPath: readonly string[]): Promise<void> => {
	const cells = await countStation(station);
	await MaturityTally.updateOne({ _id: station }, { $set: { stationPath: [...stationPath], cells } }, { upsert: true });
	forgetTallies(stationPath);
};

/** Counts every station anew; for data from before there was a count. */
export const refreshAllMaturityTallies = async (): Promise<void> => {
	const stations = new Map<string, string[]>();
	for await (const row of Organization.find({}, { station: 1, stationPath: 1 }).lean().cursor()) stations.set(row.station, row.stationPath);
	for (const [station, path] of stations) await refreshMaturityTally(station, path);
};

export type Counted = { station: string; stationPath: string[]; cells: MaturityCell[] };

const remembered = createMemory<readonly Counted[]>({ name: 'maturity-tallies', freshMs: 10_000, staleMs: 15_000, most: 200 });

const readTallies = async (station: string, path: readonly string[]): Promise<readonly Counted[]> => {
	const [own, below] = await Promise.all([
		countStation(station),
		MaturityTally.find({ stationPath: station, _id: { $ne: station } }).lean<MaturityTallyDocument[]>()
	]);
	return [
		{ station, stationPath: [...path], cells: own },
		...below.map(({ _id, stationPath, cells }) => ({ station: _id, stationPath, cells }))
	];
};

/**
 * The counts of a station and of every one below it: one read of narrow documents, remembered for fifteen seconds, so
 * that a city with thousands of stations costs it once and not on every page. While they are remembered they are the
 * same array, so that what is added up from them can be kept with it.
 */
export const talliesBelow = (station: string, path: readonly string[]): Promise<readonly Counted[]> =>
	remembered.read(station, () => readTallies(station, path));

/** Forgets what was counted of a station and those above it in this process. */
export const forgetTallies = (stationPath: readonly string[]): void => {
	for (const station of stationPath) remembered.forget(station);
};
