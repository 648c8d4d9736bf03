import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { motionOutcome, type MotionOutcome } from '#lib/domain/organizations/meetings.ts';
import type { ActivityInput, MeetingInput, MemberInput, MotionInput } from '#lib/domain/organizations/types.ts';
import { packCursor, toId, unpackCursor, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { loadFor, maskPhone, resourceOf } from '../access.ts';
import type { OrganizationDocument } from '../model.ts';
import {
	Activity,
	Meeting,
	Member,
	OrganizationFile,
	type ActivityDocument,
	type MeetingDocument,
	type MemberDocument
} from '../records-model.ts';

/** A line of the roster; the phone is masked for those without contacts' rights. */
export type MemberView = MemberInput & { id: string; hasAccount: boolean; version: number };

const memberView = (member: MemberDocument, contacts: boolean): MemberView => ({
	id: member._id.toHexString(),
	name: member.name,
	phone: contacts ? member.phone : maskPhone(member.phone),
	role: member.role,
	prospective: member.prospective,
	joinedOn: member.joinedOn,
	leftOn: member.leftOn,
	note: contacts ? member.note : '',
	hasAccount: member.userId !== null,
	version: member.version
});

const contactsOf = (actor: Actor, organization: OrganizationDocument): boolean =>
	can(actor, 'organization.readContacts', resourceOf(organization));

/** The roster: those who are there by the day they joined, then those who left. */
export const listMembers = async (actor: Actor, organizationId: string, page: PageInput): Promise<Page<MemberView>> => {
	const organization = await loadFor(actor, organizationId, 'organization.read');
	const after = page.cursor ? unpackCursor(page.cursor, 3).map(String) : null;
	const rows = await Member.find({
		organization: organizationId,
		...(after
			? {
					$or: [
						{ leftOn: { $gt: after[0] } },
						{ leftOn: after[0], joinedOn: { $gt: after[1] } },
						{ leftOn: after[0], joinedOn: after[1], _id: { $gt: toId(after[2] ?? '') } }
					]
				}
			: {})
	})
		.sort({ leftOn: 1, joinedOn: 1, _id: 1 })
		.limit(page.limit + 1)
		.lean();
	const items = rows.slice(0, page.limit);
	const last = items.at(-1);
	const contacts = contactsOf(actor, organization);
	return {
		items: items.map((member) => memberView(member, contacts)),
		next: rows.length > page.limit && last ? packCursor([last.leftOn, last.joinedOn, last._id.toHexString()]) : null
	};
};

/** One line of the roster, to edit it. */
export const readMember = async (actor: Actor, organizationId: string, memberId: string): Promise<MemberView> => {
	const organization = await loadFor(actor, organizationId, 'organization.read');
	const member = await Member.findOne({ _id: toId(memberId), organization: organizationId }).lean();
	if (!member) throw notFound();
	return memberView(member, contactsOf(actor, organization));
};

/** Names to choose from, those who are there now first. */
export const rosterNames = async (
	actor: Actor,
	organizationId: string
): Promise<{ id: string; name: string; role: MemberDocument['role']; left: boolean }[]> => {
	await loadFor(actor, organizationId, 'organization.read');
	const members = await Member.find({ organization: organizationId }, { name: 1, role: 1, leftOn: 1 })
		.sort({ leftOn: 1, joinedOn: 1, _id: 1 })
		.limit(2000)
		.lean();
	return members.map(({ _id, name, role, leftOn }) => ({ id: _id.toHexString(), name, role, left: leftOn !== '' }));
};

/** `people` counts each person once, `attendances` each coming; for one activity they are the same number. */
export type ActivityView = ActivityInput & { id: string; enteredBy: string; attendances: number; version: number };

const activityView = (activity: ActivityDocument): ActivityView => ({
	id: activity._id.toHexString(),
	kind: activity.kind,
	title: activity.title,
	heldOn: activity.heldOn,
	place: activity.place,
	organizer: activity.organizer,
	attendees: activity.attendees,
	guests: activity.guests,
	hours: activity.hours,
	reflection: activity.reflection,
	feedbackCount: activity.feedbackCount,
	satisfiedCount: activity.satisfiedCount,
	enteredBy: activity.enteredBy.name,
	attendances: activity.attendees.length + activity.guests,
	version: activity.version
});

const dayCursor = (cursor: string | undefined) => {
	const after = cursor ? unpackCursor(cursor, 2).map(String) : null;
	return after
		? { $or: [{ heldOn: { $lt: after[0] ?? '' } }, { heldOn: after[0] ?? '', _id: { $lt: toId(after[1] ?? '') } }] }
		: {};
};

const pageOf = <Stored extends { _id: { toHexString(): string }; heldOn: string }, View>(
	rows: Stored[],
	limit: number,
	view: (stored: Stored) => View
): Page<View> => {
	const items = rows.slice(0, limit);
	const last = items.at(-1);
	return {
		items: items.map(view),
		next: rows.length > limit && last ? packCursor([last.heldOn, last._id.toHexString()]) : null
	};
};

/** What took place, newest first. */
export const listActivities = async (actor: Actor, organizationId: string, page: PageInput): Promise<Page<ActivityView>> => {
	await loadFor(actor, organizationId, 'organization.read');
	const rows = await Activity.find({ organization: organizationId, deletedAt: null, ...dayCursor(page.cursor) })
		.sort({ heldOn: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	return pageOf(rows, page.limit, activityView);
};

/** One activity; one that was taken back is not found. */
export const readActivity = async (actor: Actor, organizationId: string, activityId: string): Promise<ActivityView> => {
	await loadFor(actor, organizationId, 'organization.read');
	const activity = await Activity.findOne({ _id: toId(activityId), organization: organizationId, deletedAt: null }).lean();
	if (!activity) throw notFound();
	return activityView(activity);
};

/** A meeting with what came of each motion. */
export type MeetingView = Omit<MeetingInput, 'motions'> & {
	id: string;
	enteredBy: string;
	quorum: number;
	quorate: boolean;
	motions: (MotionInput & MotionOutcome & { candidateName: string })[];
	version: number;
};

const meetingViews = async (meetings: MeetingDocument[]): Promise<MeetingView[]> => {
	const candidates = meetings.flatMap(({ motions }) => motions.map(({ candidate }) => candidate)).filter((id) => id !== '');
	const named = candidates.length > 0 ? await Member.find({ _id: { $in: candidates.map(toId) } }, { name: 1 }).lean() : [];
	const names = new Map(named.map(({ _id, name }) => [_id.toHexString(), name]));
	return meetings.map((meeting) => {
		const { quorum, quorate } = motionOutcome(meeting, { kind: 'other', for: 0 });
		return {
			id: meeting._id.toHexString(),
			title: meeting.title,
			heldOn: meeting.heldOn,
			place: meeting.place,
			eligible: meeting.eligible,
			present: meeting.present,
			minutes: meeting.minutes,
			enteredBy: meeting.enteredBy.name,
			quorum,
			quorate,
			motions: meeting.motions.map((motion) => ({
				...motion,
				...motionOutcome(meeting, motion),
				candidateName: names.get(motion.candidate) ?? ''
			})),
			version: meeting.version
		};
	});
};

/** Meetings, newest first. */
export const listMeetings = async (actor: Actor, organizationId: string, page: PageInput): Promise<Page<MeetingView>> => {
	await loadFor(actor, organizationId, 'organization.read');
	const rows = await Meeting.find({ organization: organizationId, deletedAt: null, ...dayCursor(page.cursor) })
		.sort({ heldOn: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	const { next } = pageOf(rows, page.limit, ({ _id }) => _id);
	return { items: await meetingViews(rows.slice(0, page.limit)), next };
};

/** One meeting; one that was taken back is not found. */
export const readMeeting = async (actor: Actor, organizationId: string, meetingId: string): Promise<MeetingView> => {
	await loadFor(actor, organizationId, 'organization.read');
	const meeting = await Meeting.findOne({ _id: toId(meetingId), organization: organizationId, deletedAt: null }).lean();
	const [view] = meeting ? await meetingViews([meeting]) : [];
	if (!view) throw notFound();
	return view;
};

export type FileView = { id: string; name: string; type: string; bytes: number; note: string; activity: string; by: string; at: Date };

/** The organization's papers, newest first; at most 200. */
export const listFiles = async (actor: Actor, organizationId: string): Promise<FileView[]> => {
	await loadFor(actor, organizationId, 'organization.read');
	const files = await OrganizationFile.find({ organization: organizationId, deletedAt: null })
		.sort({ createdAt: -1, _id: -1 })
		.limit(200)
		.lean();
	return files.map((file) => ({
		id: file._id.toHexString(),
		name: file.name,
		type: file.type,
		bytes: file.bytes,
		note: file.note,
		activity: file.activity ?? '',
		by: file.enteredBy.name,
		at: file.createdAt
	}));
};
