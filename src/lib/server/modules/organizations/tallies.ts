import { gateOf } from '#lib/domain/organizations/lifecycle.ts';
import { readRows } from '#lib/server/platform/db/index.ts';
import { Organization, Tally, type OrganizationDocument, type TallyDocument } from './model.ts';

type Counted = Pick<OrganizationDocument, 'status' | 'stage' | 'atGraduation' | 'category'>;

/** Counts organizations by status, gate and category. */
export const cellsOf = (organizations: readonly Counted[]): TallyDocument['cells'] => {
	const cells = new Map<string, TallyDocument['cells'][number]>();
	for (const { status, stage, atGraduation, category } of organizations) {
		const gate = gateOf({ stage, atGraduation });
		const key = `${status} ${gate} ${category}`;
		const cell = cells.get(key) ?? { status, gate, category, count: 0 };
		cells.set(key, { ...cell, count: cell.count + 1 });
	}
	return [...cells.values()];
};

/** Counts a station's organizations live. */
export const countStation = async (station: string): Promise<TallyDocument['cells']> =>
	cellsOf(await Organization.find({ station }, { status: 1, stage: 1, atGraduation: 1, category: 1 }).lean());

/**
 * Brings a station's tally up to date after one of its organizations changed. Counted anew each time, so it may run
 * twice or late without harm.
 */
export const refreshTally = async (station: string, stationPath: readonly string[]): Promise<void> => {
	const cells = await countStation(station);
	await Tally.updateOne({ _id: station }, { $set: { stationPath: [...stationPath], cells } }, { upsert: true });
};

/** Most stations below one. */
const mostStations = 20_000;

/** Counts of a station and everything below it: its own live, the others' as they last counted. */
export const countSubtree = async (station: string): Promise<TallyDocument['cells']> => {
	const [own, below] = await Promise.all([
		countStation(station),
		readRows<Pick<TallyDocument, '_id' | 'cells'>, TallyDocument>(Tally, {
			filter: { stationPath: station, _id: { $ne: station } },
			fields: { cells: 1 },
			limit: mostStations
		})
	]);
	return [...own, ...below.flatMap(({ cells }) => cells)];
};
