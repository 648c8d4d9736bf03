import type { EntryInput } from '#lib/domain/organizations/projects.ts';
import type { ServiceEntryInput } from '#lib/domain/organizations/service-log.ts';
import type { FollowUpInput } from '#lib/domain/organizations/supervision.ts';
import { entryKinds, serviceKinds, supervisionForms, supervisionSources, type EntryKind, type SupervisionForm, type SupervisionSource } from '#lib/domain/organizations/tool-terms.ts';
import type { TrainingInput } from '#lib/domain/organizations/trainings.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';
import type { Person } from './model.ts';
import type { RecordBase } from './records-model.ts';

type StationBase = Omit<RecordBase, 'organization'> & { station: string; stationPath: string[] };
const stationBase = {
	station: { type: String, required: true },
	stationPath: { type: [String], required: true },
	enteredBy: { type: Schema.Types.Mixed, required: true },
	createdAt: { type: Date, required: true },
	deletedAt: { type: Date, default: null },
	version: { type: Number, default: 0 }
} as const;

export type TrainingAttendee = { organization: string; member: string; name: string };
export type TrainingDocument = StationBase & Omit<TrainingInput, 'attendees' | 'staff'> & { attendees: TrainingAttendee[]; staff: Person[] };

const training = new Schema<TrainingDocument>({
	...stationBase,
	title: { type: String, required: true },
	topic: { type: String, default: '' },
	heldOn: { type: String, required: true },
	hours: { type: Number, default: 0 },
	trainer: { type: String, default: '' },
	place: { type: String, default: '' },
	attendees: { type: Schema.Types.Mixed, default: [] },
	staff: { type: Schema.Types.Mixed, default: [] },
	note: { type: String, default: '' }
});
training.index({ stationPath: 1, deletedAt: 1, heldOn: -1, _id: -1 });
training.index({ 'attendees.organization': 1, deletedAt: 1, heldOn: -1 });
export const Training = defineModel<TrainingDocument>('Training', 'trainings', training);

export type FollowUp = Omit<FollowUpInput, 'owner'> & { owner: Person; doneAt: Date | null; doneBy: Person | null };
export type SupervisionDocument = StationBase & {
	source: SupervisionSource;
	form: SupervisionForm;
	heldOn: string;
	hours: number;
	supervisor: Person;
	workers: Person[];
	organizations: string[];
	topic: string;
	advice: string;
	followUps: FollowUp[];
	/** Who still has something to do of it: finds people's follow-ups by an index. */
	openOwners: string[];
};

const supervision = new Schema<SupervisionDocument>({
	...stationBase,
	source: { type: String, enum: supervisionSources, required: true },
	form: { type: String, enum: supervisionForms, required: true },
	heldOn: { type: String, required: true },
	hours: { type: Number, default: 0 },
	supervisor: { type: Schema.Types.Mixed, required: true },
	workers: { type: Schema.Types.Mixed, default: [] },
	organizations: { type: [String], default: [] },
	topic: { type: String, required: true },
	advice: { type: String, default: '' },
	followUps: { type: Schema.Types.Mixed, default: [] },
	openOwners: { type: [String], default: [] }
});
supervision.index({ stationPath: 1, deletedAt: 1, heldOn: -1, _id: -1 });
supervision.index({ organizations: 1, deletedAt: 1, heldOn: -1 });
supervision.index({ openOwners: 1 });
supervision.index({ 'workers.id': 1, deletedAt: 1, heldOn: -1 });
supervision.index({ 'supervisor.id': 1, deletedAt: 1, heldOn: -1 });
export const Supervision = defineModel<SupervisionDocument>('Supervision', 'supervisions', supervision);

/**
 * How a worker is doing, for the worker and the supervisor alone. A collection of its own: no list, export or report
 * reads it by accident.
 */
export type PrivateNoteDocument = {
	_id: Id;
	supervision: string;
	supervisor: string;
	worker: string;
	text: string;
	writtenBy: Person;
	writtenAt: Date;
	/** Everybody who ever opened it, and when last. */
	reads: { id: string; name: string; at: Date }[];
	version: number;
};
const privateNote = new Schema<PrivateNoteDocument>({
	supervision: { type: String, required: true },
	supervisor: { type: String, required: true },
	worker: { type: String, required: true },
	text: { type: String, required: true },
	writtenBy: { type: Schema.Types.Mixed, required: true },
	writtenAt: { type: Date, required: true },
	reads: { type: Schema.Types.Mixed, default: [] },
	version: { type: Number, default: 0 }
});
privateNote.index({ supervision: 1, worker: 1 }, { unique: true });
export const PrivateNote = defineModel<PrivateNoteDocument>('PrivateNote', 'supervision_notes', privateNote);

export type ServiceEntryDocument = StationBase & ServiceEntryInput & { worker: Person };
const serviceEntry = new Schema<ServiceEntryDocument>({
	...stationBase,
	kind: { type: String, enum: serviceKinds, required: true },
	heldOn: { type: String, required: true },
	people: { type: Number, required: true },
	attendances: { type: Number, required: true },
	hours: { type: Number, default: 0 },
	community: { type: String, default: '' },
	organization: { type: String, default: '' },
	note: { type: String, default: '' },
	worker: { type: Schema.Types.Mixed, required: true }
});
serviceEntry.index({ stationPath: 1, deletedAt: 1, heldOn: -1, _id: -1 });
serviceEntry.index({ organization: 1, deletedAt: 1, heldOn: -1, _id: -1 });
serviceEntry.index({ 'worker.id': 1, deletedAt: 1, heldOn: -1, _id: -1 });
export const ServiceEntry = defineModel<ServiceEntryDocument>('ServiceEntry', 'service_entries', serviceEntry);

/** An idea, a small project of the group's own, published accounts, or something from outside. */
export type EntryDocument = RecordBase & {
	kind: EntryKind;
	/** The day it counts on; '' while it does not. */
	day: string;
	content: EntryInput;
};
const groupEntry = new Schema<EntryDocument>({
	organization: { type: String, required: true },
	enteredBy: { type: Schema.Types.Mixed, required: true },
	createdAt: { type: Date, required: true },
	deletedAt: { type: Date, default: null },
	version: { type: Number, default: 0 },
	kind: { type: String, enum: entryKinds, required: true },
	day: { type: String, default: '' },
	content: { type: Schema.Types.Mixed, required: true }
});
groupEntry.index({ organization: 1, deletedAt: 1, kind: 1, day: -1, _id: -1 });
export const GroupEntry = defineModel<EntryDocument>('GroupEntry', 'group_entries', groupEntry);
