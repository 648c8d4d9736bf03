import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { listOrganizations, organizationListSchema } from '../../organizations/index.ts';
import { stationById } from '../../stations/index.ts';
import { rankedNeeds } from '../../surveys/index.ts';

/** A need residents named, how many of them, and in how many groups' surveys. */
export type AreaNeed = { label: string; count: number; groups: number };

/** So many groups are looked at, the ones worked with last first: a call answers what is asked for now. */
const mostGroups = 30;
const mostNeeds = 15;

/** What residents around a station named most, over its groups' surveys: the needs a call can answer. */
export const areaNeeds = async (actor: Actor, station: string): Promise<AreaNeed[]> => {
	const { id, path } = await stationById(station);
	if (!can(actor, 'competition.create', { station: id, stationPath: path })) return [];
	const { items } = await listOrganizations(actor, organizationListSchema.parse({ station: id, limit: mostGroups }));
	const lists = await Promise.all(items.map((organization) => rankedNeeds(organization.id)));
	const found = new Map<string, AreaNeed>();
	for (const { key, label, count } of lists.flat()) {
		const known = found.get(key);
		found.set(key, { label: known?.label ?? label, count: (known?.count ?? 0) + count, groups: (known?.groups ?? 0) + 1 });
	}
	return [...found.values()].sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1)).slice(0, mostNeeds);
};
