import type { Actor } from '#lib/domain/accounts/types.ts';
import { Member } from '../records-model.ts';
import { toId, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { peopleWithRole } from '../../accounts/index.ts';
import { loadFor } from '../access.ts';
import { afterDay, dayPage, mayWithRecord, recordedAt, stationFor } from '../station-work.ts';
import { Training, type TrainingDocument } from '../tools-model.ts';

export type TrainingView = Omit<TrainingDocument, '_id' | 'stationPath' | 'enteredBy' | 'createdAt' | 'deletedAt'> & {
	id: string;
	enteredBy: string;
	/** Everybody who came. */
	attendances: number;
};

export const trainingView = ({ _id, stationPath: _path, createdAt: _at, deletedAt: _deleted, enteredBy, ...training }: TrainingDocument): TrainingView => ({
	id: _id.toHexString(),
	...training,
	enteredBy: enteredBy.name,
	attendances: training.attendees.length + training.staff.length
});

/** Trainings of a station and everything below it, newest first. */
export const listTrainings = async (actor: Actor, stationId: string, page: PageInput): Promise<Page<TrainingView>> => {
	const station = await stationFor(actor, stationId, 'training.read');
	const rows = await Training.find({ stationPath: station.id, deletedAt: null, ...afterDay(page.cursor) })
		.sort({ heldOn: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	return dayPage(rows, page.limit, trainingView);
};

/** One training; one that was taken back is not found. */
export const readTraining = async (actor: Actor, id: string): Promise<TrainingView> => {
	const training = actor.kind === 'anonymous' ? null : await Training.findOne({ _id: toId(id), deletedAt: null }).lean();
	if (!training) throw notFound();
	mayWithRecord(actor, training, 'training.read', 'training.read');
	return trainingView(training);
};

export type AttendeeChoices = {
	groups: { id: string; name: string; members: { id: string; name: string; core: boolean }[] }[];
	staff: { id: string; name: string }[];
};

/** Whom a training's form offers: core members and prospective ones of the station's groups, and its own people. */
export const attendeeChoices = async (actor: Actor, stationId: string): Promise<AttendeeChoices> => {
	const station = await stationFor(actor, stationId, 'training.record');
	const groups = await recordedAt(station.id);
	const [members, staff] = await Promise.all([
		Member.find(
			{ organization: { $in: groups.map(({ _id }) => _id.toHexString()) }, leftOn: '', $or: [{ role: { $ne: 'member' } }, { prospective: true }] },
			{ organization: 1, name: 1, role: 1 }
		)
			.sort({ organization: 1, leftOn: 1, joinedOn: 1, _id: 1 })
			.limit(1500)
			.lean(),
		peopleWithRole(station.id, ['worker', 'head'])
	]);
	return {
		groups: groups
			.map(({ _id, name }) => ({
				id: _id.toHexString(),
				name,
				members: members
					.filter(({ organization }) => organization === _id.toHexString())
					.map((member) => ({ id: member._id.toHexString(), name: member.name, core: member.role !== 'member' }))
			}))
			.filter((group) => group.members.length > 0),
		staff: staff.map(({ id, name }) => ({ id, name }))
	};
};

/** Trainings at which people of a group were, newest first, with the names of those who came. */
export const trainingsOf = async (actor: Actor, organizationId: string): Promise<{ id: string; title: string; heldOn: string; hours: number; names: string[] }[]> => {
	await loadFor(actor, organizationId, 'organization.read');
	const rows = await Training.find({ 'attendees.organization': organizationId, deletedAt: null }, { title: 1, heldOn: 1, hours: 1, attendees: 1 })
		.sort({ heldOn: -1, _id: -1 })
		.limit(200)
		.lean();
	return rows.map(({ _id, title, heldOn, hours, attendees }) => ({
		id: _id.toHexString(),
		title,
		heldOn,
		hours,
		names: attendees.filter(({ organization }) => organization === organizationId).map(({ name }) => name)
	}));
};
