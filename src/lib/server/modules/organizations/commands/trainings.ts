import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import type { TrainingInput } from '#lib/domain/organizations/trainings.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId, toIds } from '#lib/server/platform/db/index.ts';
import { invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { namesOf } from '../../accounts/index.ts';
import { recordAct } from '../../audit/index.ts';
import type { StationView } from '../../stations/index.ts';
import { personOf } from '../access.ts';
import { Organization, type Person } from '../model.ts';
import { Member } from '../records-model.ts';
import { trainingView } from '../queries/trainings.ts';
import { mayWithRecord, refreshSummaries, stationFor } from '../station-work.ts';
import { Training, type TrainingAttendee, type TrainingDocument } from '../tools-model.ts';

const chainOf = (station: string): string => `station:${station}`;

/** Who came: members of groups of this station or below it, and people with accounts. */
const attendance = async (
	station: Pick<StationView, 'id'>,
	input: TrainingInput
): Promise<{ attendees: TrainingAttendee[]; staff: Person[] }> => {
	const wanted = [...new Set(input.attendees)];
	const members = wanted.length > 0 ? await Member.find({ _id: { $in: toIds(wanted) } }, { organization: 1, name: 1 }).lean() : [];
	const groups = [...new Set(members.map(({ organization }) => organization))];
	const near = await Organization.countDocuments({ _id: { $in: toIds(groups) }, stationPath: station.id });
	if (members.length !== wanted.length || near !== groups.length) throw invalidField('attendees', 'not_on_roster');
	const people = [...new Set(input.staff)];
	const names = await namesOf(people);
	if (names.size !== people.length) throw invalidField('staff', 'not_station_staff');
	return {
		attendees: members.map(({ _id, organization, name }) => ({ organization, member: _id.toHexString(), name })),
		staff: people.map((id) => ({ id, name: names.get(id) ?? '' }))
	};
};

const groupsOf = (...trainings: { attendees: readonly TrainingAttendee[] }[]): string[] => [
	...new Set(trainings.flatMap(({ attendees }) => attendees.map(({ organization }) => organization)))
];

/** Records a training of a station; `entry` makes a repeat one training. It counts at once for every group that came. */
export const recordTraining = async (actor: Actor, stationId: string, input: TrainingInput, entry?: string): Promise<{ id: string }> => {
	const station = await stationFor(actor, stationId, 'training.record');
	if (input.heldOn > dayOf(now())) throw invalidField('heldOn', 'day_in_future');
	const who = await attendance(station, input);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	try {
		await Training.create({ _id, station: station.id, stationPath: station.path, ...input, ...who, enteredBy: personOf(actor), createdAt: now() });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await Training.exists({ _id, station: station.id }))) throw notFound();
		return { id };
	}
	await refreshSummaries(groupsOf(who));
	await recordAct({ chain: chainOf(station.id), actor, action: 'training_recorded', subject: id, detail: { attendances: who.attendees.length + who.staff.length } });
	return { id };
};

const findTraining = async (actor: Actor, id: string): Promise<TrainingDocument> => {
	const training = actor.kind === 'anonymous' ? null : await Training.findById(toId(id)).lean();
	if (!training) throw notFound();
	mayWithRecord(actor, training, 'training.record', 'training.read');
	return training;
};

/** Corrects a training from the version seen. */
export const editTraining = async (actor: Actor, id: string, input: TrainingInput, version: number): Promise<void> => {
	const training = await findTraining(actor, id);
	if (training.deletedAt) throw notFound();
	if (input.heldOn > dayOf(now())) throw invalidField('heldOn', 'day_in_future');
	const who = await attendance({ id: training.station }, input);
	const { modifiedCount } = await Training.updateOne({ _id: training._id, deletedAt: null, version }, { $set: { ...input, ...who }, $inc: { version: 1 } });
	if (modifiedCount === 0) {
		const present = await Training.findById(training._id).lean();
		throw present && !present.deletedAt ? stale(trainingView(present)) : notFound();
	}
	await refreshSummaries(groupsOf(training, who));
	await recordAct({ chain: chainOf(training.station), actor, action: 'training_edited', subject: id });
};

/** Takes a training back, or brings it back; doing so twice changes nothing. */
export const setTrainingRemoved = async (actor: Actor, id: string, removed: boolean): Promise<void> => {
	const training = await findTraining(actor, id);
	if ((training.deletedAt !== null) === removed) return;
	await Training.updateOne({ _id: training._id }, { $set: { deletedAt: removed ? now() : null }, $inc: { version: 1 } });
	await refreshSummaries(groupsOf(training));
	await recordAct({ chain: chainOf(training.station), actor, action: removed ? 'training_removed' : 'training_restored', subject: id });
};
