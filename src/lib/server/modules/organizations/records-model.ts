import { activityKinds, memberRoles } from '#lib/domain/organizations/schema.ts';
import type { Competency } from '#lib/domain/organizations/tool-terms.ts';
import type { ActivityInput, MeetingInput, MemberRole } from '#lib/domain/organizations/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';
import type { Person } from './model.ts';

export type MemberDocument = {
	_id: Id;
	organization: string;
	name: string;
	phone: string;
	role: MemberRole;
	prospective: boolean;
	joinedOn: string;
	leftOn: string;
	note: string;
	/** The account of this person, once an invitation was accepted. */
	userId: string | null;
	/** What they can do, since when they serve others, and what was said with them; absent on older lines. */
	competencies?: Competency[];
	providerSince?: string;
	mentoring?: { at: Date; by: Person; text: string }[];
	createdAt: Date;
	version: number;
};

const member = new Schema<MemberDocument>({
	organization: { type: String, required: true },
	name: { type: String, required: true },
	phone: { type: String, default: '' },
	role: { type: String, enum: memberRoles, required: true },
	prospective: { type: Boolean, default: false },
	joinedOn: { type: String, required: true },
	leftOn: { type: String, default: '' },
	note: { type: String, default: '' },
	userId: { type: String, default: null },
	competencies: { type: [String], default: undefined },
	providerSince: { type: String },
	mentoring: { type: Schema.Types.Mixed },
	createdAt: { type: Date, required: true },
	version: { type: Number, default: 0 }
});
member.index({ organization: 1, leftOn: 1, joinedOn: 1, _id: 1 });
member.index({ userId: 1 });
export const Member = defineModel<MemberDocument>('Member', 'members', member);

export type RecordBase = {
	_id: Id;
	organization: string;
	enteredBy: Person;
	createdAt: Date;
	/** Taken back; it can be restored. */
	deletedAt: Date | null;
	version: number;
};
export const recordBase = {
	organization: { type: String, required: true },
	enteredBy: { type: Schema.Types.Mixed, required: true },
	createdAt: { type: Date, required: true },
	deletedAt: { type: Date, default: null },
	version: { type: Number, default: 0 }
} as const;

export type ActivityDocument = RecordBase & ActivityInput;

const activity = new Schema<ActivityDocument>({
	...recordBase,
	kind: { type: String, enum: activityKinds, required: true },
	title: { type: String, required: true },
	heldOn: { type: String, required: true },
	place: { type: String, default: '' },
	organizer: { type: String, enum: ['group', 'worker'], required: true },
	attendees: { type: [String], default: [] },
	guests: { type: Number, default: 0 },
	hours: { type: Number, default: 0 },
	reflection: { type: String, default: '' },
	feedbackCount: { type: Number, default: 0 },
	satisfiedCount: { type: Number, default: 0 }
});
activity.index({ organization: 1, deletedAt: 1, heldOn: -1, _id: -1 });
export const Activity = defineModel<ActivityDocument>('Activity', 'activities', activity);

export type MeetingDocument = RecordBase & MeetingInput;

const meeting = new Schema<MeetingDocument>({
	...recordBase,
	title: { type: String, required: true },
	heldOn: { type: String, required: true },
	place: { type: String, default: '' },
	eligible: { type: Number, required: true },
	present: { type: Number, required: true },
	minutes: { type: String, default: '' },
	motions: { type: Schema.Types.Mixed, default: [] }
});
meeting.index({ organization: 1, deletedAt: 1, heldOn: -1, _id: -1 });
export const Meeting = defineModel<MeetingDocument>('Meeting', 'meetings', meeting);

export type OrganizationFileDocument = RecordBase & {
	file: string;
	name: string;
	type: string;
	bytes: number;
	digest: string;
	note: string;
	/** The activity a picture was taken at; absent or '' for other papers. */
	activity?: string;
};

const organizationFile = new Schema<OrganizationFileDocument>({
	...recordBase,
	file: { type: String, required: true },
	name: { type: String, required: true },
	type: { type: String, required: true },
	bytes: { type: Number, required: true },
	digest: { type: String, required: true },
	note: { type: String, default: '' },
	activity: { type: String, default: '' }
});
organizationFile.index({ organization: 1, deletedAt: 1, createdAt: -1, _id: -1 });
export const OrganizationFile = defineModel<OrganizationFileDocument>(
	'OrganizationFile',
	'organization_files',
	organizationFile
);
