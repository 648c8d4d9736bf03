import type { Actor } from '#lib/domain/accounts/types.ts';
import type { ServiceFilter } from '#lib/domain/organizations/service-log.ts';
import { toId, type Page, type PageInput, type QueryFilter } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { organizationNames } from './facts.ts';
import { afterDay, dayPage, mayWithRecord, recordedAt, stationFor } from '../station-work.ts';
import { ServiceEntry, type ServiceEntryDocument } from '../tools-model.ts';

export type ServiceEntryView = Omit<ServiceEntryDocument, '_id' | 'stationPath' | 'enteredBy' | 'createdAt' | 'deletedAt' | 'worker'> & {
	id: string;
	worker: string;
	workerId: string | null;
	organizationName: string;
};

export const serviceEntryView = (
	{ _id, stationPath: _path, enteredBy: _by, createdAt: _at, deletedAt: _deleted, worker, ...entry }: ServiceEntryDocument,
	names: ReadonlyMap<string, { name: string }>
): ServiceEntryView => ({
	id: _id.toHexString(),
	...entry,
	worker: worker.name,
	workerId: worker.id,
	organizationName: names.get(entry.organization)?.name ?? ''
});

type Filter = QueryFilter<ServiceEntryDocument>;

const conditionOf = (station: string, filter: ServiceFilter): Filter => ({
	stationPath: station,
	deletedAt: null,
	...(filter.kind ? { kind: filter.kind } : {}),
	...(filter.worker ? { 'worker.id': filter.worker } : {}),
	...(filter.organization ? { organization: filter.organization } : {}),
	...(filter.from || filter.to ? { heldOn: { ...(filter.from ? { $gte: filter.from } : {}), ...(filter.to ? { $lte: filter.to } : {}) } } : {})
});

const named = async (rows: readonly ServiceEntryDocument[]) => organizationNames(rows.flatMap(({ organization }) => (organization ? [organization] : [])));

/** The service log of a station and everything below it, newest first. */
export const listServices = async (actor: Actor, stationId: string, query: ServiceFilter & PageInput): Promise<Page<ServiceEntryView>> => {
	const station = await stationFor(actor, stationId, 'serviceLog.read');
	const rows = await ServiceEntry.find({ $and: [conditionOf(station.id, query), afterDay(query.cursor)] } as Filter)
		.sort({ heldOn: -1, _id: -1 })
		.limit(query.limit + 1)
		.lean();
	const names = await named(rows);
	return dayPage(rows, query.limit, (row) => serviceEntryView(row, names));
};

/** All lines under a condition, for export, in pages behind the scenes. */
export async function* eachService(actor: Actor, stationId: string, filter: ServiceFilter): AsyncGenerator<ServiceEntryView> {
	let cursor: string | undefined;
	do {
		const page = await listServices(actor, stationId, { ...filter, limit: 200, cursor });
		yield* page.items;
		cursor = page.next ?? undefined;
	} while (cursor);
}

/** How often, and how many attendances, by kind. Different people cannot be added up over entries, so they are not. */
export const countServices = async (
	actor: Actor,
	stationId: string,
	filter: ServiceFilter
): Promise<{ kind: ServiceEntryDocument['kind']; entries: number; attendances: number }[]> => {
	const station = await stationFor(actor, stationId, 'serviceLog.read');
	const rows = await ServiceEntry.aggregate<{ _id: ServiceEntryDocument['kind']; entries: number; attendances: number }>([
		{ $match: conditionOf(station.id, filter) },
		{ $group: { _id: '$kind', entries: { $sum: 1 }, attendances: { $sum: '$attendances' } } }
	]);
	return rows.map(({ _id, entries, attendances }) => ({ kind: _id, entries, attendances }));
};

/** One line; one that was taken back is not found. */
export const readService = async (actor: Actor, id: string): Promise<ServiceEntryView> => {
	const entry = actor.kind === 'anonymous' ? null : await ServiceEntry.findOne({ _id: toId(id), deletedAt: null }).lean();
	if (!entry) throw notFound();
	mayWithRecord(actor, entry, 'serviceLog.read', 'serviceLog.read');
	return serviceEntryView(entry, await named([entry]));
};

/** The groups a line can be about. */
export const serviceGroups = async (actor: Actor, stationId: string): Promise<{ id: string; name: string }[]> => {
	const station = await stationFor(actor, stationId, 'serviceLog.read');
	return (await recordedAt(station.id)).map(({ _id, name }) => ({ id: _id.toHexString(), name }));
};
