import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import type { ServiceEntryInput } from '#lib/domain/organizations/service-log.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { stationById, type StationView } from '../../stations/index.ts';
import { personOf } from '../access.ts';
import { Organization } from '../model.ts';
import { serviceEntryView } from '../queries/service-log.ts';
import { mayWithRecord, refreshSummaries, stationFor } from '../station-work.ts';
import { ServiceEntry, type ServiceEntryDocument } from '../tools-model.ts';

const check = async (station: StationView, input: ServiceEntryInput): Promise<void> => {
	if (input.heldOn > dayOf(now())) throw invalidField('heldOn', 'day_in_future');
	if (input.community && !station.communities.some(({ key }) => key === input.community)) throw invalidField('community', 'choose_one');
	if (input.organization && !(await Organization.exists({ _id: toId(input.organization), station: station.id }))) throw invalidField('organization', 'choose_one');
};

const touched = (...entries: { organization: string }[]): string[] => entries.map(({ organization }) => organization).filter(Boolean);

/** Writes a line of the service log; `entry` makes a repeat one line. About a group it is evidence that somebody was there. */
export const recordService = async (actor: Actor, stationId: string, input: ServiceEntryInput, entry?: string): Promise<{ id: string }> => {
	const station = await stationFor(actor, stationId, 'serviceLog.record');
	await check(station, input);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	const by = personOf(actor);
	try {
		await ServiceEntry.create({ _id, station: station.id, stationPath: station.path, ...input, worker: by, enteredBy: by, createdAt: now() });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await ServiceEntry.exists({ _id, station: station.id }))) throw notFound();
		return { id };
	}
	await refreshSummaries(touched(input));
	await recordAct({ chain: `station:${station.id}`, actor, action: 'service_recorded', subject: id, detail: { kind: input.kind, people: input.people, attendances: input.attendances } });
	return { id };
};

const findEntry = async (actor: Actor, id: string): Promise<ServiceEntryDocument> => {
	const entry = actor.kind === 'anonymous' ? null : await ServiceEntry.findById(toId(id)).lean();
	if (!entry) throw notFound();
	mayWithRecord(actor, entry, 'serviceLog.record', 'serviceLog.read');
	return entry;
};

/** Corrects a line from the version seen. */
export const editService = async (actor: Actor, id: string, input: ServiceEntryInput, version: number): Promise<void> => {
	const entry = await findEntry(actor, id);
	if (entry.deletedAt) throw notFound();
	await check(await stationById(entry.station), input);
	const { modifiedCount } = await ServiceEntry.updateOne({ _id: entry._id, deletedAt: null, version }, { $set: input, $inc: { version: 1 } });
	if (modifiedCount === 0) {
		const present = await ServiceEntry.findById(entry._id).lean();
		throw present && !present.deletedAt ? stale(serviceEntryView(present, new Map())) : notFound();
	}
	await refreshSummaries(touched(entry, input));
	await recordAct({ chain: `station:${entry.station}`, actor, action: 'service_edited', subject: id });
};

/** Takes a line back, or brings it back; doing so twice changes nothing. */
export const setServiceRemoved = async (actor: Actor, id: string, removed: boolean): Promise<void> => {
	const entry = await findEntry(actor, id);
	if ((entry.deletedAt !== null) === removed) return;
	await ServiceEntry.updateOne({ _id: entry._id }, { $set: { deletedAt: removed ? now() : null }, $inc: { version: 1 } });
	await refreshSummaries(touched(entry));
	await recordAct({ chain: `station:${entry.station}`, actor, action: removed ? 'service_removed' : 'service_restored', subject: id });
};
