import type { Actor } from '#lib/domain/accounts/types.ts';
import { packCursor, toId, unpackCursor, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { standingFor } from '../access.ts';
import { interviewRecord, type InterviewView } from '../commands/interviews.ts';
import { Interview } from '../model.ts';
import { surveyRights } from '../view.ts';

/** Names are for those who may see contacts. */
const masked = (interview: InterviewView, names: boolean): InterviewView =>
	names || interview.name === '' ? interview : { ...interview, name: `${[...interview.name][0] ?? ''}**` };

/** Talks with residents, newest first. */
export const listInterviews = async (actor: Actor, organization: string, page: PageInput): Promise<Page<InterviewView>> => {
	const { resource } = await standingFor(actor, organization, 'survey.read');
	const [day = '', id = ''] = page.cursor ? unpackCursor(page.cursor, 2).map(String) : [];
	const rows = await Interview.find({
		organization,
		deletedAt: null,
		...(page.cursor ? { $or: [{ heldOn: { $lt: day } }, { heldOn: day, _id: { $lt: toId(id) } }] } : {})
	})
		.sort({ heldOn: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	const items = rows.slice(0, page.limit);
	const last = items.at(-1);
	const { names } = surveyRights(actor, resource);
	return {
		items: items.map((interview) => masked(interviewRecord(interview), names)),
		next: rows.length > page.limit && last ? packCursor([last.heldOn, last._id.toHexString()]) : null
	};
};

/** One talk; one that was taken back is not found. */
export const readInterview = async (actor: Actor, organization: string, id: string): Promise<InterviewView> => {
	const { resource } = await standingFor(actor, organization, 'survey.read');
	const interview = await Interview.findOne({ _id: toId(id), organization, deletedAt: null }).lean();
	if (!interview) throw notFound();
	return masked(interviewRecord(interview), surveyRights(actor, resource).names);
};
