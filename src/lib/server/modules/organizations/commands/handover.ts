import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { mentorsAfter, type HandOver, type Mentors } from '#lib/domain/organizations/handover.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId, toIds } from '#lib/server/platform/db/index.ts';
import { AppError, conflict, forbidden, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { namesOf, peopleWithRole } from '../../accounts/index.ts';
import { recordAct } from '../../audit/index.ts';
import { stationById } from '../../stations/index.ts';
import { personOf } from '../access.ts';
import { changeOrganization } from '../change.ts';
import { entry as told } from '../history.ts';
import { Handover, type HandoverDocument, type HandoverItem } from '../handover-model.ts';
import { Organization, type Person } from '../model.ts';
import { Supervision } from '../tools-model.ts';

export const mayHandOver = async (actor: Actor, stationId: string): Promise<void> => {
	const station = await stationById(stationId);
	const resource = { station: stationId, stationPath: station.path };
	if (!can(actor, 'station.read', resource)) throw notFound();
	if (!can(actor, 'organization.handOver', resource)) throw forbidden();
};

/**
 * Gives a worker's organizations and open follow-ups to a colleague. The record is written first and says who looked
 * after what before; what follows is done from it, so a repeat with the same `entry` finishes what was begun and
 * never does it twice. What somebody else changed in the meantime is left alone.
 */
export const handOver = async (actor: Actor, stationId: string, input: HandOver, entry?: string): Promise<{ id: string; moved: number }> => {
	await mayHandOver(actor, stationId);
	const staff = await peopleWithRole(stationId, ['worker', 'head']);
	const to = staff.find(({ id }) => id === input.to);
	if (!to) throw invalidField('to', 'not_station_staff');
	const from: Person = { id: input.from, name: (await namesOf([input.from])).get(input.from) ?? '' };
	const _id = entry ? toId(entry) : newId();
	const [items, followUps] = await Promise.all([itemsOf(stationId, input), openFollowUpsOf(stationId, input)]);
	if (items.length + followUps.length === 0 && !(await Handover.exists({ _id }))) throw invalidField('organizations', 'handover_nothing');
	try {
		await Handover.create({
			_id,
			station: stationId,
			from,
			to: { id: to.id, name: to.name },
			by: personOf(actor),
			at: now(),
			reason: input.reason,
			items,
			followUps,
			state: 'running',
			undoneAt: null,
			undoneBy: null
		});
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
	}
	const handover = await Handover.findOne({ _id, station: stationId }).lean();
	if (!handover) throw notFound();
	if (handover.state !== 'running') return { id: _id.toHexString(), moved: handover.items.length };
	const moved = await carryOut(actor, handover, false);
	await Handover.updateOne({ _id, state: 'running' }, { $set: { state: 'done' } });
	await recordAct({
		chain: `station:${stationId}`,
		actor,
		action: 'handed_over',
		subject: _id.toHexString(),
		detail: { from: handover.from.name, to: handover.to.name, reason: handover.reason, organizations: handover.items.length, followUps: handover.followUps.length }
	});
	return { id: _id.toHexString(), moved };
};

/** Hands everything back that nobody has changed since. */
export const undoHandover = async (actor: Actor, stationId: string, id: string): Promise<{ moved: number; left: number }> => {
	await mayHandOver(actor, stationId);
	const handover = await Handover.findOneAndUpdate(
		{ _id: toId(id), station: stationId, state: { $in: ['done', 'undoing'] } },
		{ $set: { state: 'undoing', undoneAt: now(), undoneBy: personOf(actor) } },
		{ returnDocument: 'after' }
	).lean();
	if (!handover) {
		if (await Handover.exists({ _id: toId(id), station: stationId })) throw conflict('handover_undone');
		throw notFound();
	}
	const moved = await carryOut(actor, handover, true);
	await Handover.updateOne({ _id: handover._id, state: 'undoing' }, { $set: { state: 'undone' } });
	await recordAct({ chain: `station:${stationId}`, actor, action: 'handed_back', subject: id, detail: { organizations: moved } });
	return { moved, left: handover.items.length - moved };
};

const itemsOf = async (station: string, { from, to, organizations }: HandOver): Promise<HandoverItem[]> => {
	const rows = await Organization.find({ _id: { $in: toIds(organizations) }, station }, { name: 1, mentor: 1, secondMentor: 1 }).lean();
	return rows
		.filter(({ mentor, secondMentor }) => mentor === from || secondMentor === from)
		.map(({ _id, name, mentor, secondMentor }) => ({
			organization: _id.toHexString(),
			name,
			before: { mentor, secondMentor },
			after: mentorsAfter({ mentor, secondMentor }, from, to)
		}));
};

const openFollowUpsOf = async (station: string, { from, followUps }: HandOver): Promise<HandoverDocument['followUps']> => {
	const sessions = await Supervision.find({ _id: { $in: toIds(followUps) }, station, openOwners: from }, { topic: 1, followUps: 1 }).lean();
	return sessions.map((session) => ({
		supervision: session._id.toHexString(),
		topic: session.topic,
		keys: session.followUps.flatMap(({ key, owner, doneAt }) => (owner.id === from && doneAt === null ? [key] : []))
	}));
};

/** Does what the record says, or takes it back; answers how many organizations changed hands. */
const carryOut = async (actor: Actor, handover: HandoverDocument, back: boolean): Promise<number> => {
	const [giver, taker] = back ? [handover.to, handover.from] : [handover.from, handover.to];
	let moved = 0;
	for (const { organization, before, after } of handover.items)
		if (await giveOrganization(actor, organization, back ? after : before, back ? before : after, handover, back)) moved += 1;
	for (const { supervision, keys } of handover.followUps) await giveFollowUps(supervision, keys, giver, taker);
	return moved;
};

const tries = 3;

const giveOrganization = async (
	actor: Actor,
	id: string,
	was: Mentors,
	becomes: Mentors,
	handover: HandoverDocument,
	back: boolean
): Promise<boolean> => {
	for (let attempt = 0; attempt < tries; attempt += 1) {
		const present = await Organization.findById(toId(id)).lean();
		if (!present) return false;
		if (present.mentor === becomes.mentor && present.secondMentor === becomes.secondMentor) return true;
		if (present.mentor !== was.mentor || present.secondMentor !== was.secondMentor) return false;
		const history = told(back ? 'handed_back' : 'handed_over', personOf(actor), {
			key: `${handover._id.toHexString()}${back ? '-back' : ''}`,
			reason: handover.reason,
			detail: { from: (back ? handover.to : handover.from).name, to: (back ? handover.from : handover.to).name }
		});
		try {
			await changeOrganization(actor, present, present.version, { ...becomes }, history, { still: { ...was } });
			return true;
		} catch (error) {
			// Somebody wrote in between: look again.
			if (!(error instanceof AppError) || error.code !== 'stale') throw error;
		}
	}
	return false;
};

const giveFollowUps = async (id: string, keys: readonly string[], giver: Person, taker: Person): Promise<void> => {
	for (let attempt = 0; attempt < tries; attempt += 1) {
		const session = await Supervision.findById(toId(id)).lean();
		if (!session) return;
		const followUps = session.followUps.map((one) =>
			keys.includes(one.key) && one.owner.id === giver.id && one.doneAt === null ? { ...one, owner: taker } : one
		);
		const openOwners = [...new Set(followUps.flatMap(({ owner, doneAt }) => (doneAt === null && owner.id ? [owner.id] : [])))];
		const written = await Supervision.updateOne({ _id: session._id, version: session.version }, { $set: { followUps, openOwners }, $inc: { version: 1 } });
		if (written.matchedCount > 0) return;
	}
};
