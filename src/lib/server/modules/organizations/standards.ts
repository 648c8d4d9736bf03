import type { GateDefinitions } from '#lib/domain/organizations/criteria.ts';
import type { MaturityModel } from '#lib/domain/organizations/maturity-model.ts';
import { defaultGates, defaultMaturityModel } from './defaults.ts';
import type { OrganizationDocument } from './model.ts';
import { GateCriteria, MaturityModelVersion } from './standards-model.ts';

// Versions never change once written, so what was read once holds for as long as the process lives.
const most = 500;
const remember = <Value>() => {
	const known = new Map<string, Value>();
	return async (key: string, read: () => Promise<Value | null>): Promise<Value | null> => {
		const had = known.get(key);
		if (had !== undefined) return had;
		const value = await read();
		if (value !== null) {
			if (known.size >= most) known.clear();
			known.set(key, value);
		}
		return value;
	};
};
const rememberedGates = remember<GateDefinitions>();
const rememberedModels = remember<MaturityModel>();

/** A version of a station's gate criteria; 0, and one that is lost, are the platform's own. */
export const gateDefinitionsAt = async (station: string, version: number): Promise<GateDefinitions> => {
	if (version === 0) return defaultGates;
	const read = async () => (await GateCriteria.findOne({ station, version }, { definitions: 1 }).lean())?.definitions ?? null;
	return (await rememberedGates(`${station}:${version}`, read)) ?? defaultGates;
};

/** The criteria an organization goes by: those of the version it was accepted under, or moved to since. */
export const gateDefinitionsOf = (organization: Pick<OrganizationDocument, 'station' | 'criteriaVersion'>): Promise<GateDefinitions> =>
	gateDefinitionsAt(organization.station, organization.criteriaVersion ?? 0);

/** The newest version of a station's criteria, 0 while it uses the platform's. */
export const newestGateVersion = async (station: string): Promise<number> =>
	(await GateCriteria.findOne({ station }, { version: 1 }).sort({ station: 1, version: -1 }).lean())?.version ?? 0;

/** The city an organization or station belongs to: the root of its path. */
export const cityOf = ({ stationPath }: { stationPath: readonly string[] }): string => stationPath[0] ?? '';

/** The version of the maturity model a city assesses by now, 0 while it uses the platform's. */
export const newestModelVersion = async (city: string): Promise<number> =>
	(await MaturityModelVersion.findOne({ station: city }, { version: 1 }).sort({ station: 1, version: -1 }).lean())?.version ?? 0;

/** A version of a city's maturity model; 0, and one that is lost, are the platform's own. */
export const maturityModelAt = async (city: string, version: number): Promise<MaturityModel> => {
	if (version === 0) return defaultMaturityModel;
	const read = async () => (await MaturityModelVersion.findOne({ station: city, version }, { model: 1 }).lean())?.model ?? null;
	return (await rememberedModels(`${city}:${version}`, read)) ?? defaultMaturityModel;
};
