import { can, type Action } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { isRecorded } from '#lib/domain/organizations/lifecycle.ts';
import { packCursor, toId, toIds, unpackCursor, type Id, type Page } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { stationById, type StationView } from '../stations/index.ts';
import { Organization, type OrganizationDocument } from './model.ts';
import { refreshSummary } from './records.ts';

/** Loads a station for work at it: 404 for those who may not even look into it, 403 for those who may only look. */
export const stationFor = async (actor: Actor, id: string, action: Action): Promise<StationView> => {
	if (actor.kind === 'anonymous') throw notFound();
	const station = await stationById(id);
	const resource = { station: station.id, stationPath: station.path };
	if (can(actor, action, resource)) return station;
	throw can(actor, 'station.read', resource) ? forbidden() : notFound();
};

/** Checks the right to a record of a station that was found. */
export const mayWithRecord = (actor: Actor, record: { station: string; stationPath: string[] }, action: Action, read: Action): void => {
	if (can(actor, action, record)) return;
	throw can(actor, read, record) ? forbidden() : notFound();
};

/** Brings the figures beside several groups up to date after something about them was recorded. */
export const refreshSummaries = async (ids: readonly string[]): Promise<void> => {
	const organizations = await Organization.find({ _id: { $in: toIds([...new Set(ids)]) } }, { createdAt: 1, incubatingSince: 1 }).lean();
	for (const organization of organizations) await refreshSummary(organization);
};

type Row = Pick<OrganizationDocument, '_id' | 'name' | 'code'>;

/** The station's groups whose life is recorded, by name. */
export const recordedAt = async (station: string): Promise<Row[]> => {
	const rows = await Organization.find({ station }, { name: 1, code: 1, status: 1 }).sort({ name: 1, _id: 1 }).limit(500).lean();
	return rows.filter(({ status }) => isRecorded(status));
};

/** The condition of the next page of a list by day, newest first. */
export const afterDay = (cursor: string | undefined): Record<string, unknown> => {
	const after = cursor ? unpackCursor(cursor, 2).map(String) : null;
	return after
		? { $or: [{ heldOn: { $lt: after[0] ?? '' } }, { heldOn: after[0] ?? '', _id: { $lt: toId(after[1] ?? '') } }] }
		: {};
};

/** A page of rows read with one more than its limit. */
export const dayPage = <Stored extends { _id: Id; heldOn: string }, View>(rows: readonly Stored[], limit: number, view: (row: Stored) => View): Page<View> => {
	const items = rows.slice(0, limit);
	const last = items.at(-1);
	return { items: items.map(view), next: rows.length > limit && last ? packCursor([last.heldOn, last._id.toHexString()]) : null };
};
