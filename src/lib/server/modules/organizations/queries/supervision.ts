import { can, scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { isSupervisionOverdue, supervisionDueOn } from '#lib/domain/organizations/supervision.ts';
import { addMonths, dayOf } from '#lib/domain/shared/days.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { peopleWithRole } from '../../accounts/index.ts';
import { loadFor } from '../access.ts';
import { Organization } from '../model.ts';
import { afterDay, dayPage, recordedAt, stationFor } from '../station-work.ts';
import { Supervision, type FollowUp, type SupervisionDocument } from '../tools-model.ts';

export type SupervisionView = Omit<
	SupervisionDocument,
	'_id' | 'stationPath' | 'enteredBy' | 'createdAt' | 'deletedAt' | 'openOwners'
> & { id: string; enteredBy: string };

export const supervisionView = ({
	_id,
	stationPath: _path,
	createdAt: _at,
	deletedAt: _deleted,
	openOwners: _open,
	enteredBy,
	...session
}: SupervisionDocument): SupervisionView => ({ id: _id.toHexString(), ...session, enteredBy: enteredBy.name });

/** Whether the person was at the session or has something to do of it. */
export const isPartOf = (actor: Actor, session: Pick<SupervisionDocument, 'supervisor' | 'workers' | 'followUps'>): boolean =>
	actor.kind === 'user' &&
	[session.supervisor, ...session.workers, ...session.followUps.map(({ owner }) => owner)].some(({ id }) => id === actor.id);

/** Sessions of a station and everything below it, newest first. Private notes are never among what lists read. */
export const listSupervisions = async (actor: Actor, stationId: string, page: PageInput): Promise<Page<SupervisionView>> => {
	const station = await stationFor(actor, stationId, 'supervision.read');
	const rows = await Supervision.find({ stationPath: station.id, deletedAt: null, ...afterDay(page.cursor) })
		.sort({ heldOn: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	return dayPage(rows, page.limit, supervisionView);
};

export type SupervisionRights = {
	record: boolean;
	/** Workers whose private note the person may open; nobody learns of others'. */
	notes: { id: string; name: string }[];
};

/** One session, for those who may read it and those who were there. */
export const readSupervision = async (
	actor: Actor,
	id: string
): Promise<{ session: SupervisionView; groups: { id: string; name: string }[]; rights: SupervisionRights }> => {
	const session = actor.kind === 'user' ? await Supervision.findOne({ _id: toId(id), deletedAt: null }).lean() : null;
	if (!session || actor.kind !== 'user' || (!can(actor, 'supervision.read', session) && !isPartOf(actor, session))) throw notFound();
	const groups = await Organization.find({ _id: { $in: session.organizations.map(toId) } }, { name: 1 }).lean();
	const supervises = session.supervisor.id === actor.id;
	const notes = session.supervisor.id
		? session.workers.flatMap((worker) => (worker.id && (supervises || worker.id === actor.id) ? [{ id: worker.id, name: worker.name }] : []))
		: [];
	return {
		session: supervisionView(session),
		groups: groups.map(({ _id, name }) => ({ id: _id.toHexString(), name })),
		rights: { record: can(actor, 'supervision.record', session), notes }
	};
};

export type SupervisionChoices = {
	/** People of the station: whom a session can be with. */
	workers: { id: string; name: string }[];
	/** People of the station and of those above it. */
	supervisors: { id: string; name: string }[];
	groups: { id: string; name: string }[];
};

/** Whom a session's form offers. */
export const supervisionChoices = async (actor: Actor, stationId: string): Promise<SupervisionChoices> => {
	const station = await stationFor(actor, stationId, 'supervision.record');
	const [workers, above, groups] = await Promise.all([
		peopleWithRole(station.id, ['worker', 'head']),
		Promise.all(station.path.map((id) => peopleWithRole(id, ['supervisor', 'head']))),
		recordedAt(station.id)
	]);
	const brief = ({ id, name }: { id: string; name: string }) => ({ id, name });
	return {
		workers: workers.map(brief),
		supervisors: [...new Map(above.flat().map((person) => [person.id, brief(person)])).values()],
		groups: groups.map(({ _id, name }) => ({ id: _id.toHexString(), name }))
	};
};

/** A worker's standing: how many groups they mentor, when they were last supervised, and whether that is too long ago. */
export type WorkerStanding = { id: string; name: string; groups: number; lastOn: string | null; dueOn: string; overdue: boolean };
/** What a supervisor carries: sessions and different workers in the last three months, and follow-ups still open. */
export type SupervisorLoad = { name: string; sessions: number; workers: number; openFollowUps: number };
export type Caseload = { workers: WorkerStanding[]; supervisors: SupervisorLoad[]; overdue: number };

/** The last session of each worker. */
const lastSessions = async (workers: readonly string[]): Promise<Map<string, string>> => {
	const last = new Map<string, string>();
	const found = await Promise.all(
		workers.map((id) =>
			Supervision.findOne({ 'workers.id': id, deletedAt: null }, { heldOn: 1 }).sort({ 'workers.id': 1, deletedAt: 1, heldOn: -1 }).lean()
		)
	);
	for (const [at, session] of found.entries()) if (session) last.set(workers[at] ?? '', session.heldOn);
	return last;
};

/** Who of a station's people was supervised when, and what each supervisor carries there and below. */
export const stationCaseload = async (actor: Actor, stationId: string): Promise<Caseload> => {
	const station = await stationFor(actor, stationId, 'supervision.read');
	const today = dayOf(now());
	const staff = await peopleWithRole(station.id, ['worker', 'head']);
	const ids = staff.map(({ id }) => id);
	const [last, mentored, recent] = await Promise.all([
		lastSessions(ids),
		Organization.find({ station: station.id, status: { $in: ['incubating', 'graduated'] } }, { mentor: 1 }).limit(2000).lean(),
		Supervision.find({ stationPath: station.id, deletedAt: null, heldOn: { $gt: addMonths(today, -3) } }, { supervisor: 1, workers: 1, followUps: 1 })
			.sort({ heldOn: -1 })
			.limit(2000)
			.lean()
	]);
	const workers = staff.map(({ id, name }): WorkerStanding => {
		const lastOn = last.get(id) ?? null;
		return {
			id,
			name,
			groups: mentored.filter(({ mentor }) => mentor === id).length,
			lastOn,
			dueOn: supervisionDueOn(lastOn, today),
			overdue: isSupervisionOverdue(lastOn, today)
		};
	});
	const loads = new Map<string, SupervisorLoad & { seen: Set<string> }>();
	for (const { supervisor, workers: present, followUps } of recent) {
		const key = supervisor.id ?? supervisor.name;
		const load = loads.get(key) ?? { name: supervisor.name, sessions: 0, workers: 0, openFollowUps: 0, seen: new Set<string>() };
		for (const { id, name } of present) load.seen.add(id ?? name);
		loads.set(key, {
			...load,
			sessions: load.sessions + 1,
			workers: load.seen.size,
			openFollowUps: load.openFollowUps + followUps.filter(({ doneAt }) => doneAt === null).length
		});
	}
	return {
		workers: workers.sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.name < b.name ? -1 : 1)),
		supervisors: [...loads.values()].map(({ seen: _seen, ...load }) => load).sort((a, b) => b.sessions - a.sessions),
		overdue: workers.filter(({ overdue }) => overdue).length
	};
};

/** How many of the people of a head's own stations are overdue for supervision. */
export const overdueAtOwnStations = async (actor: Actor): Promise<number> => {
	const today = dayOf(now());
	const stations = scopeIds(actor, 'station', ['head']).slice(0, 5);
	const staff = (await Promise.all(stations.map((id) => peopleWithRole(id, ['worker'])))).flat();
	const ids = [...new Set(staff.map(({ id }) => id))].slice(0, 60);
	const last = await lastSessions(ids);
	return ids.filter((id) => isSupervisionOverdue(last.get(id) ?? null, today)).length;
};

/** What is still to do of sessions, for the person who owns it. */
export const openFollowUps = async (actor: Actor): Promise<(FollowUp & { supervision: string; topic: string })[]> => {
	if (actor.kind !== 'user') return [];
	const sessions = await Supervision.find({ openOwners: actor.id }, { topic: 1, followUps: 1 }).limit(100).lean();
	return sessions.flatMap(({ _id, topic, followUps }) =>
		followUps.filter(({ owner, doneAt }) => owner.id === actor.id && doneAt === null).map((item) => ({ ...item, supervision: _id.toHexString(), topic }))
	);
};

/** Sessions about a group, as its own people may know them: when and about what, not what was advised. */
export const supervisionsOf = async (actor: Actor, organizationId: string): Promise<{ id: string; topic: string; heldOn: string; supervisor: string }[]> => {
	await loadFor(actor, organizationId, 'organization.read');
	const rows = await Supervision.find({ organizations: organizationId, deletedAt: null }, { topic: 1, heldOn: 1, supervisor: 1 })
		.sort({ heldOn: -1, _id: -1 })
		.limit(200)
		.lean();
	return rows.map(({ _id, topic, heldOn, supervisor }) => ({ id: _id.toHexString(), topic, heldOn, supervisor: supervisor.name }));
};
