import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import type { PrivateNoteInput, SupervisionInput } from '#lib/domain/organizations/supervision.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId, toIds } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { namesOf, peopleWithRole } from '../../accounts/index.ts';
import { recordAct } from '../../audit/index.ts';
import type { StationView } from '../../stations/index.ts';
import { personOf } from '../access.ts';
import { Organization } from '../model.ts';
import { isPartOf, supervisionView } from '../queries/supervision.ts';
import { mayWithRecord, refreshSummaries, stationFor } from '../station-work.ts';
import { PrivateNote, Supervision, type FollowUp, type SupervisionDocument } from '../tools-model.ts';

const chainOf = (station: string): string => `station:${station}`;
const openOwnersOf = (followUps: readonly FollowUp[]): string[] => [
	...new Set(followUps.flatMap(({ doneAt, owner }) => (doneAt === null && owner.id ? [owner.id] : [])))
];

/** Names behind the ids; supervisors and workers must be people of the station or of those above it. */
const resolve = async (station: Pick<StationView, 'id' | 'path'>, input: SupervisionInput, former: readonly FollowUp[] = []) => {
	const around = await Promise.all(station.path.map((id) => peopleWithRole(id, ['worker', 'head', 'supervisor'])));
	const people = new Map(around.flat().map(({ id, name }) => [id, name]));
	const person = (id: string, path: string) => {
		const name = people.get(id);
		if (name === undefined) throw invalidField(path, 'not_station_staff');
		return { id, name };
	};
	const organizations = [...new Set(input.organizations)];
	const near = await Organization.countDocuments({ _id: { $in: toIds(organizations) }, stationPath: station.id });
	if (near !== organizations.length) throw invalidField('organizations', 'choose_one');
	const followUps = input.followUps.map((item, index): FollowUp => {
		const was = former.find(({ key }) => key === item.key);
		return { ...item, owner: person(item.owner, `followUps[${index}].owner`), doneAt: was?.doneAt ?? null, doneBy: was?.doneBy ?? null };
	});
	return {
		supervisor: input.source === 'internal' ? person(input.supervisor, 'supervisor') : { id: null, name: input.supervisorName },
		workers: input.workers.map((id) => person(id, 'workers')),
		organizations,
		followUps,
		openOwners: openOwnersOf(followUps)
	};
};

const plain = ({ source, form, heldOn, hours, topic, advice }: SupervisionInput) => ({ source, form, heldOn, hours, topic, advice });

/** Records a supervision session; `entry` makes a repeat one session. It counts at once for the groups it was about. */
export const recordSupervision = async (actor: Actor, stationId: string, input: SupervisionInput, entry?: string): Promise<{ id: string }> => {
	const station = await stationFor(actor, stationId, 'supervision.record');
	if (input.heldOn > dayOf(now())) throw invalidField('heldOn', 'day_in_future');
	const resolved = await resolve(station, input);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	try {
		await Supervision.create({ _id, station: station.id, stationPath: station.path, ...plain(input), ...resolved, enteredBy: personOf(actor), createdAt: now() });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await Supervision.exists({ _id, station: station.id }))) throw notFound();
		return { id };
	}
	await refreshSummaries(resolved.organizations);
	await recordAct({ chain: chainOf(station.id), actor, action: 'supervision_recorded', subject: id, detail: { source: input.source, form: input.form } });
	return { id };
};

const findSupervision = async (actor: Actor, id: string): Promise<SupervisionDocument> => {
	const session = actor.kind === 'anonymous' ? null : await Supervision.findById(toId(id)).lean();
	if (!session) throw notFound();
	mayWithRecord(actor, session, 'supervision.record', 'supervision.read');
	return session;
};

/** Corrects a session from the version seen; what was done of the follow-ups stays done. */
export const editSupervision = async (actor: Actor, id: string, input: SupervisionInput, version: number): Promise<void> => {
	const session = await findSupervision(actor, id);
	if (session.deletedAt) throw notFound();
	if (input.heldOn > dayOf(now())) throw invalidField('heldOn', 'day_in_future');
	const resolved = await resolve({ id: session.station, path: session.stationPath }, input, session.followUps);
	const { modifiedCount } = await Supervision.updateOne(
		{ _id: session._id, deletedAt: null, version },
		{ $set: { ...plain(input), ...resolved }, $inc: { version: 1 } }
	);
	if (modifiedCount === 0) {
		const present = await Supervision.findById(session._id).lean();
		throw present && !present.deletedAt ? stale(supervisionView(present)) : notFound();
	}
	await refreshSummaries([...session.organizations, ...resolved.organizations]);
	await recordAct({ chain: chainOf(session.station), actor, action: 'supervision_edited', subject: id });
};

/** Takes a session back, or brings it back; its private notes stay where they are and come back with it. */
export const setSupervisionRemoved = async (actor: Actor, id: string, removed: boolean): Promise<void> => {
	const session = await findSupervision(actor, id);
	if ((session.deletedAt !== null) === removed) return;
	await Supervision.updateOne(
		{ _id: session._id },
		{ $set: { deletedAt: removed ? now() : null, openOwners: removed ? [] : openOwnersOf(session.followUps) }, $inc: { version: 1 } }
	);
	await refreshSummaries(session.organizations);
	await recordAct({ chain: chainOf(session.station), actor, action: removed ? 'supervision_removed' : 'supervision_restored', subject: id });
};

/** Ticks a follow-up off, or opens it again: by the one who owns it, or by those who may record the session. */
export const setFollowUpDone = async (actor: Actor, id: string, key: string, done: boolean): Promise<void> => {
	for (;;) {
		const session = actor.kind === 'anonymous' ? null : await Supervision.findOne({ _id: toId(id), deletedAt: null }).lean();
		if (!session || (!can(actor, 'supervision.read', session) && !isPartOf(actor, session))) throw notFound();
		const followUp = session.followUps.find((item) => item.key === key);
		if (!followUp) throw notFound();
		const own = actor.kind === 'user' && followUp.owner.id === actor.id;
		if (!own && !can(actor, 'supervision.record', session)) throw forbidden();
		if ((followUp.doneAt !== null) === done) return;
		const followUps = session.followUps.map((item) =>
			item.key === key ? { ...item, doneAt: done ? now() : null, doneBy: done ? personOf(actor) : null } : item
		);
		const { modifiedCount } = await Supervision.updateOne(
			{ _id: session._id, version: session.version },
			{ $set: { followUps, openOwners: openOwnersOf(followUps) }, $inc: { version: 1 } }
		);
		if (modifiedCount === 0) continue;
		await recordAct({ chain: chainOf(session.station), actor, action: done ? 'follow_up_done' : 'follow_up_reopened', subject: id, detail: { key } });
		return;
	}
};

/** The two people a private note is for; nobody else learns whether there is one. */
const pairOf = (session: SupervisionDocument, worker: string): { supervisor: string; worker: string } => {
	const supervisor = session.supervisor.id;
	if (!supervisor || !session.workers.some(({ id }) => id === worker)) throw notFound();
	return { supervisor, worker };
};

const findPair = async (actor: Actor, id: string, worker: string) => {
	const session = actor.kind === 'user' ? await Supervision.findOne({ _id: toId(id), deletedAt: null }).lean() : null;
	if (!session || actor.kind !== 'user') throw notFound();
	const note = await PrivateNote.findOne({ supervision: id, worker }).lean();
	// Who was the supervisor when the note was written stays its reader: naming another one later opens nothing.
	const pair = note ? { supervisor: note.supervisor, worker: note.worker } : pairOf(session, worker);
	if (actor.id !== pair.supervisor && actor.id !== pair.worker) throw notFound();
	return { session, pair, note, reader: { id: actor.id, name: actor.name } };
};

/**
 * Writes the private note of a session: only its supervisor and the worker it concerns. The chain of acts learns that a
 * note was written, never what it says.
 */
export const writePrivateNote = async (actor: Actor, id: string, input: PrivateNoteInput): Promise<void> => {
	const { session, pair, reader } = await findPair(actor, id, input.worker);
	const content = { text: input.text, writtenBy: reader, writtenAt: now() };
	const { modifiedCount } = await PrivateNote.updateOne(
		{ supervision: id, worker: pair.worker, version: input.version },
		{ $set: content, $inc: { version: 1 } }
	);
	if (modifiedCount === 0) {
		const present = await PrivateNote.findOne({ supervision: id, worker: pair.worker }).lean();
		if (present) throw stale({ text: present.text, version: present.version });
		if (input.version !== 0) throw conflict('stale');
		try {
			await PrivateNote.create({ _id: newId(), supervision: id, ...pair, ...content, version: 1 });
		} catch (error) {
			if (!isDuplicateKey(error)) throw error;
			const first = await PrivateNote.findOne({ supervision: id, worker: pair.worker }).lean();
			throw stale({ text: first?.text ?? '', version: first?.version ?? 0 });
		}
	}
	await recordAct({ chain: chainOf(session.station), actor, action: 'private_note_written', subject: id });
};

export type PrivateNoteView = {
	worker: string;
	workerName: string;
	text: string;
	writtenBy: string;
	writtenAt: Date | null;
	reads: { name: string; at: Date }[];
	version: number;
};

/** Opens the private note of a session for one of its two people. Every opening is kept beside the note and in the chain of acts. */
export const openPrivateNote = async (actor: Actor, id: string, worker: string): Promise<PrivateNoteView> => {
	const { session, pair, note, reader } = await findPair(actor, id, worker);
	const names = await namesOf([pair.worker]);
	const view = { worker, workerName: names.get(worker) ?? '' };
	if (!note) return { ...view, text: '', writtenBy: '', writtenAt: null, reads: [], version: 0 };
	const reads = [{ ...reader, at: now() }, ...note.reads].slice(0, 200);
	await PrivateNote.updateOne({ _id: note._id }, { $set: { reads } });
	await recordAct({ chain: chainOf(session.station), actor, action: 'private_note_read', subject: id });
	return {
		...view,
		text: note.text,
		writtenBy: note.writtenBy.name,
		writtenAt: note.writtenAt,
		reads: reads.slice(0, 20).map(({ name, at }) => ({ name, at })),
		version: note.version
	};
};
