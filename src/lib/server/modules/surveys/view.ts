import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor, Resource } from '#lib/domain/accounts/types.ts';
import { presentRevision } from '#lib/domain/surveys/revise.ts';
import type { Question, SurveyKind, SurveyState } from '#lib/domain/surveys/types.ts';
import { stationsByIds } from '../stations/index.ts';
import { organizationNames } from '../organizations/index.ts';
import { Response, type SurveyDocument } from './model.ts';
import { stateNow } from './state.ts';

/** A survey as those who may see it do. */
export type SurveyView = {
	id: string;
	token: string;
	kind: SurveyKind;
	organization: string | null;
	organizationName: string | null;
	activity: string | null;
	station: string;
	stationName: string;
	title: string;
	intro: string;
	thanks: string;
	state: SurveyState;
	/** Wordings are frozen: it has been out. */
	frozen: boolean;
	openedAt: Date | null;
	closesOn: string;
	questions: Question[];
	retired: Question[];
	revision: number;
	/** Answers that count. */
	responses: number;
	createdBy: string;
	createdAt: Date;
	version: number;
};

/** How many answers count, by survey; one read. */
export const countsOf = async (surveys: readonly string[]): Promise<Map<string, number>> => {
	if (surveys.length === 0) return new Map();
	const rows = await Response.aggregate<{ _id: string; count: number }>([
		{ $match: { survey: { $in: [...surveys] }, leftOut: null } },
		{ $group: { _id: '$survey', count: { $sum: 1 } } }
	]);
	return new Map(rows.map(({ _id, count }) => [_id, count]));
};

/** Shows surveys with their names and counts: three reads for any number of them. */
export const surveyViews = async (surveys: readonly SurveyDocument[]): Promise<SurveyView[]> => {
	const [counts, organizations, stations] = await Promise.all([
		countsOf(surveys.map(({ _id }) => _id.toHexString())),
		organizationNames(surveys.flatMap(({ organization }) => organization ?? [])),
		stationsByIds(surveys.map(({ station }) => station))
	]);
	return surveys.map((survey) => ({
		id: survey._id.toHexString(),
		token: survey.token,
		kind: survey.kind,
		organization: survey.organization,
		organizationName: survey.organization ? (organizations.get(survey.organization)?.name ?? '') : null,
		activity: survey.activity,
		station: survey.station,
		stationName: stations.get(survey.station)?.name ?? '',
		title: survey.title,
		intro: survey.intro,
		thanks: survey.thanks,
		state: stateNow(survey),
		frozen: survey.openedAt !== null,
		openedAt: survey.openedAt,
		closesOn: survey.closesOn,
		questions: survey.questions,
		retired: survey.retired,
		revision: presentRevision(survey),
		responses: counts.get(survey._id.toHexString()) ?? 0,
		createdBy: survey.createdBy.name,
		createdAt: survey.createdAt,
		version: survey.version
	}));
};

export const surveyView = async (survey: SurveyDocument): Promise<SurveyView> => {
	const [view] = await surveyViews([survey]);
	if (!view) throw new Error('one survey has one view');
	return view;
};

/** What the actor may do with a survey; pages show these and nothing else. */
export type SurveyRights = {
	manage: boolean;
	/** Numbers respondents left. */
	contacts: boolean;
	/** Names of people interviewed. */
	names: boolean;
	/** Keep its questions for the whole station. */
	keepTemplate: boolean;
};

export const surveyRights = (actor: Actor, resource: Resource): SurveyRights => ({
	manage: can(actor, 'survey.manage', resource),
	contacts: can(actor, 'survey.readContacts', resource),
	names: can(actor, 'organization.readContacts', resource),
	keepTemplate: can(actor, 'survey.keepTemplate', resource)
});
