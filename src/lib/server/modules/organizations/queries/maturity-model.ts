import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { modelChanges, type MaturityModel, type ModelChange } from '#lib/domain/organizations/maturity-model.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { stationById } from '../../stations/index.ts';
import { defaultMaturityModel } from '../defaults.ts';
import { MaturityModelVersion } from '../standards-model.ts';

export type ModelVersionView = { version: number; at: Date | null; by: string; note: string; changes: ModelChange[] };

export type MaturityModelView = {
	/** The city whose model it is. */
	city: { id: string; name: string };
	version: number;
	model: MaturityModel;
	/** Newest first; version 0 is what the platform brings along. */
	versions: ModelVersionView[];
	mayEdit: boolean;
};

const shownVersions = 30;

/** The maturity model a station assesses by, with how it came to be: that of its city. */
export const stationMaturityModel = async (actor: Actor, stationId: string): Promise<MaturityModelView> => {
	const station = await stationById(stationId);
	if (!can(actor, 'station.read', { station: stationId, stationPath: station.path })) throw notFound();
	const cityId = station.path[0] ?? stationId;
	const city = cityId === stationId ? station : await stationById(cityId);
	const rows = await MaturityModelVersion.find({ station: cityId }).sort({ station: 1, version: -1 }).limit(shownVersions + 1).lean();
	const versions = rows.slice(0, shownVersions).map((row, index): ModelVersionView => {
		const before = rows[index + 1]?.model ?? defaultMaturityModel;
		return { version: row.version, at: row.at, by: row.by.name, note: row.note, changes: modelChanges(before, row.model) };
	});
	if (rows.length <= shownVersions) versions.push({ version: 0, at: null, by: '', note: '', changes: [] });
	return {
		city: { id: cityId, name: city.name },
		version: rows[0]?.version ?? 0,
		model: rows[0]?.model ?? defaultMaturityModel,
		versions,
		mayEdit: can(actor, 'maturity.setModel', { station: cityId, stationPath: city.path })
	};
};
