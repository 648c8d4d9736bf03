import type { Actor } from '#lib/domain/accounts/types.ts';
import { can } from '#lib/domain/accounts/policy.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { memberSchema } from '#lib/domain/organizations/schema.ts';
import type { InterviewInput } from '#lib/domain/surveys/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { recordAct } from '../../audit/index.ts';
import { addMember, rosterNames } from '../../organizations/index.ts';
import { personOf, recordedFor } from '../access.ts';
import { Interview, type InterviewDocument } from '../model.ts';
import { countAgain, markChange } from '../recount.ts';
import type { OrganizationStanding } from '../../organizations/index.ts';

type Content = Omit<InterviewDocument, '_id' | 'organization' | 'enteredBy' | 'createdAt' | 'deletedAt' | 'version'>;

/** The roster's line of the person found: one that is there, or a new prospective core member by name. */
const prospectOf = async (actor: Actor, standing: OrganizationStanding, interview: string, input: InterviewInput): Promise<string> => {
	if (input.prospectiveMember) {
		const roster = await rosterNames(actor, standing.id);
		if (!roster.some(({ id }) => id === input.prospectiveMember)) throw invalidField('prospectiveMember', 'not_on_roster');
		return input.prospectiveMember;
	}
	if (!input.prospectiveName) return '';
	if (!can(actor, 'organization.record', standing.resource)) throw invalidField('prospectiveName', 'roster_not_yours');
	// The id follows from the interview, so that sending it twice adds one person.
	const member = sha256(`prospect:${interview}`).slice(0, 24);
	const line = memberSchema.parse({ name: input.prospectiveName, prospective: true, joinedOn: input.heldOn });
	await addMember(actor, standing.id, line, member);
	return member;
};

const contentOf = (actor: Actor, input: InterviewInput, prospectiveMember: string): Content => ({
	who: input.who,
	ageBand: input.ageBand,
	name: input.nameConsent ? input.name : '',
	heldOn: input.heldOn,
	place: input.place,
	interviewer: input.interviewer || personOf(actor).name,
	notes: input.notes,
	needs: [...new Set(input.needs)],
	// Who names somebody has found somebody, ticked or not.
	prospective: input.prospective || prospectiveMember !== '',
	prospectiveMember
});

const checkDay = ({ heldOn }: InterviewInput): void => {
	if (heldOn > dayOf(now())) throw invalidField('heldOn', 'day_in_future');
};

/** Records a talk. `entry` is an id the form carries: sending it twice records one. */
export const recordInterview = async (actor: Actor, organizationId: string, input: InterviewInput, entry?: string): Promise<{ id: string }> => {
	const standing = await recordedFor(actor, organizationId, 'survey.manage');
	checkDay(input);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	const member = await prospectOf(actor, standing, id, input);
	await markChange(organizationId);
	try {
		await Interview.create({ _id, organization: organizationId, ...contentOf(actor, input, member), enteredBy: personOf(actor), createdAt: now() });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await Interview.exists({ _id, organization: organizationId }))) throw notFound();
		return { id };
	} finally {
		await countAgain(organizationId);
	}
	await recordAct({ chain: `organization:${organizationId}`, actor, action: 'interview_recorded', subject: id, detail: { heldOn: input.heldOn } });
	return { id };
};

/** Corrects a recorded talk from the version seen. */
export const editInterview = async (
	actor: Actor,
	organizationId: string,
	interviewId: string,
	input: InterviewInput,
	version: number
): Promise<void> => {
	const standing = await recordedFor(actor, organizationId, 'survey.manage');
	checkDay(input);
	const where = { _id: toId(interviewId), organization: organizationId, deletedAt: null };
	const before = await Interview.findOne(where).lean();
	if (!before) throw notFound();
	if (before.version !== version) throw stale(interviewRecord(before));
	const member = await prospectOf(actor, standing, interviewId, input);
	await markChange(organizationId);
	const { interviewer, ...content } = contentOf(actor, input, member);
	// Who sees only the beginning of a name cannot change it.
	if (!can(actor, 'organization.readContacts', standing.resource)) content.name = before.name;
	const { modifiedCount } = await Interview.updateOne(
		{ ...where, version },
		{ $set: { ...content, interviewer: input.interviewer ? interviewer : before.interviewer }, $inc: { version: 1 } }
	);
	await countAgain(organizationId);
	if (modifiedCount === 0) {
		const present = await Interview.findOne(where).lean();
		if (!present) throw notFound();
		throw stale(interviewRecord(present));
	}
	await recordAct({ chain: `organization:${organizationId}`, actor, action: 'interview_edited', subject: interviewId });
};

/** Takes a talk back, or brings it back; doing so twice changes nothing. */
export const setInterviewRemoved = async (actor: Actor, organizationId: string, interviewId: string, removed: boolean): Promise<void> => {
	await recordedFor(actor, organizationId, 'survey.manage');
	const _id = toId(interviewId);
	await markChange(organizationId);
	const { modifiedCount } = await Interview.updateOne(
		{ _id, organization: organizationId, deletedAt: removed ? null : { $ne: null } },
		{ $set: { deletedAt: removed ? now() : null }, $inc: { version: 1 } }
	);
	await countAgain(organizationId);
	if (modifiedCount === 0) {
		if (!(await Interview.exists({ _id, organization: organizationId }))) throw notFound();
		return;
	}
	await recordAct({
		chain: `organization:${organizationId}`,
		actor,
		action: removed ? 'interview_removed' : 'interview_restored',
		subject: interviewId
	});
};

/** A talk as pages and programs see it. */
export type InterviewView = Content & { id: string; nameConsent: boolean; enteredBy: string; version: number };

export const interviewRecord = (interview: InterviewDocument): InterviewView => ({
	id: interview._id.toHexString(),
	who: interview.who,
	ageBand: interview.ageBand,
	name: interview.name,
	nameConsent: interview.name !== '',
	heldOn: interview.heldOn,
	place: interview.place,
	interviewer: interview.interviewer,
	notes: interview.notes,
	needs: interview.needs,
	prospective: interview.prospective,
	prospectiveMember: interview.prospectiveMember,
	enteredBy: interview.enteredBy.name,
	version: interview.version
});
