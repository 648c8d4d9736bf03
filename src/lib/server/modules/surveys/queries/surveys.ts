import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { addDays, dayStart } from '#lib/domain/shared/days.ts';
import { presentRevision, questionsOf } from '#lib/domain/surveys/revise.ts';
import type { Question, SurveyKind } from '#lib/domain/surveys/types.ts';
import { packCursor, toId, unpackTimeCursor, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { stationById, stationsByIds } from '../../stations/index.ts';
import { organizationStanding } from '../../organizations/index.ts';
import { standingFor, surveyFor } from '../access.ts';
import { feedbackIdOf } from '../commands/create-survey.ts';
import { hasAnswered, publicDocument } from '../commands/respond.ts';
import { Survey } from '../model.ts';
import { stateNow } from '../state.ts';
import { countsOf, surveyRights, surveyView, surveyViews, type SurveyRights, type SurveyView } from '../view.ts';

const pageOf = async (where: Record<string, unknown>, page: PageInput): Promise<Page<SurveyView>> => {
	const after = page.cursor ? unpackTimeCursor(page.cursor) : null;
	const rows = await Survey.find({
		...where,
		deletedAt: null,
		...(after ? { $or: [{ createdAt: { $lt: after.at } }, { createdAt: after.at, _id: { $lt: toId(after.id) } }] } : {})
	})
		.sort({ createdAt: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	const shown = rows.slice(0, page.limit);
	const last = shown.at(-1);
	return {
		items: await surveyViews(shown),
		next: rows.length > page.limit && last ? packCursor([last.createdAt, last._id.toHexString()]) : null
	};
};

/** Surveys and feedback forms of an organization, newest first. */
export const listSurveys = async (actor: Actor, organization: string, page: PageInput): Promise<Page<SurveyView>> => {
	await standingFor(actor, organization, 'survey.read');
	return pageOf({ organization }, page);
};

/** A station's own surveys of its community, newest first. */
export const listStationSurveys = async (
	actor: Actor,
	stationId: string,
	page: PageInput
): Promise<Page<SurveyView> & { rights: SurveyRights }> => {
	const station = await stationById(stationId);
	const resource = { station: station.id, stationPath: station.path };
	if (!can(actor, 'survey.read', resource)) throw notFound();
	return { ...(await pageOf({ station: station.id, organization: null }, page)), rights: surveyRights(actor, resource) };
};

/** Needs surveys of an organization that take no more answers, with when they stopped and how many they got. */
export const closedSurveys = async (actor: Actor, organization: string): Promise<{ id: string; title: string; at: Date; responses: number }[]> => {
	await standingFor(actor, organization, 'survey.read');
	const rows = await Survey.find(
		{ organization, deletedAt: null, kind: 'needs', openedAt: { $ne: null } },
		{ title: 1, state: 1, closesOn: 1, closedAt: 1, createdAt: 1 }
	)
		.sort({ createdAt: -1, _id: -1 })
		.limit(100)
		.lean();
	const closed = rows.filter((row) => stateNow(row) === 'closed');
	const counts = await countsOf(closed.map(({ _id }) => _id.toHexString()));
	return closed.map(({ _id, title, closesOn, closedAt, createdAt }) => ({
		id: _id.toHexString(),
		title,
		// One that ran out stopped with the last moment of its last day.
		at: closedAt ?? (closesOn ? new Date(dayStart(addDays(closesOn, 1)).getTime() - 1) : createdAt),
		responses: counts.get(_id.toHexString()) ?? 0
	}));
};

/** One survey with what the actor may do with it. */
export const readSurvey = async (actor: Actor, id: string): Promise<{ survey: SurveyView; rights: SurveyRights }> => {
	const { survey, resource } = await surveyFor(actor, id, 'survey.read');
	return { survey: await surveyView(survey), rights: surveyRights(actor, resource) };
};

/** The feedback form of an activity, or null while there is none. */
export const feedbackFormOf = async (actor: Actor, organization: string, activity: string): Promise<SurveyView | null> => {
	await standingFor(actor, organization, 'survey.read');
	const survey = await Survey.findOne({ _id: feedbackIdOf(activity), organization, deletedAt: null }).lean();
	return survey ? surveyView(survey) : null;
};

/** A survey as somebody with the link sees it. */
export type PublicSurvey = {
	token: string;
	kind: SurveyKind;
	title: string;
	intro: string;
	thanks: string;
	/** `preview`: a draft, shown to those who write it; it takes no answers. */
	state: 'open' | 'closed' | 'preview';
	closesOn: string;
	questions: Question[];
	revision: number;
	organizationName: string;
	stationName: string;
	stationPhone: string;
	/** This device has answered; somebody else may still. */
	answered: boolean;
};

/**
 * What the public page shows: anybody may see an open or closed survey, its makers a draft too. `revision` is the form
 * somebody has before them already.
 */
export const publicSurvey = async (actor: Actor, token: string, device: string, revision?: number): Promise<PublicSurvey> => {
	const survey = await publicDocument(token);
	const [organization, stations, answered] = await Promise.all([
		survey.organization ? organizationStanding(actor, survey.organization) : null,
		stationsByIds([survey.station]),
		hasAnswered(survey, device)
	]);
	const state = stateNow(survey);
	const resource = organization?.resource ?? { station: survey.station, stationPath: survey.stationPath };
	if (state === 'draft' && !can(actor, 'survey.read', resource)) throw notFound();
	const station = stations.get(survey.station);
	return {
		token,
		kind: survey.kind,
		title: survey.title,
		intro: survey.intro,
		thanks: survey.thanks,
		state: state === 'draft' ? 'preview' : state,
		closesOn: survey.closesOn,
		questions: revision === undefined ? survey.questions : questionsOf(survey, revision),
		revision: revision ?? presentRevision(survey),
		organizationName: organization?.name ?? '',
		stationName: station?.name ?? '',
		stationPhone: station?.phone ?? '',
		answered
	};
};
