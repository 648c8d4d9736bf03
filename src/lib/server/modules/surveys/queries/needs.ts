import type { Actor } from '#lib/domain/accounts/types.ts';
import { mentionsOf } from '#lib/domain/surveys/figures.ts';
import { needKey, rankNeeds, type RankedNeed } from '#lib/domain/surveys/needs.ts';
import type { Answers, Question } from '#lib/domain/surveys/types.ts';
import { toIds } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { standingFor } from '../access.ts';
import { Interview, Response } from '../model.ts';
import { readAsked, readNeeds } from '../recount.ts';
import { surveyRights, type SurveyRights } from '../view.ts';

/** The ranked needs of an organization and what they rest on. */
export type NeedsView = {
	needs: RankedNeed[];
	/** Names somebody left out, with how often they were given. */
	leftOut: { key: string; label: string; count: number }[];
	answers: number;
	interviews: number;
	rights: SurveyRights;
};

/** Needs in order, for the page of an organization; counted from the records at the moment of asking. */
export const organizationNeeds = async (actor: Actor, organization: string): Promise<NeedsView> => {
	const { resource } = await standingFor(actor, organization, 'survey.read');
	const asked = await readAsked(organization);
	const mentions = mentionsOf(asked);
	const out = new Set(Object.entries(asked.names).flatMap(([key, to]) => (to === '' ? [key] : [])));
	const surveys = new Set(asked.surveys.filter(({ kind }) => kind === 'needs').map(({ id }) => id));
	return {
		needs: rankNeeds(mentions, asked.names),
		leftOut: rankNeeds(mentions.filter(({ label }) => out.has(needKey(label))), {}).map(({ key, label, count }) => ({ key, label, count })),
		answers: asked.responses.filter(({ survey }) => surveys.has(survey)).length,
		interviews: asked.interviews.length,
		rights: surveyRights(actor, resource)
	};
};

/** A record that names a need: what to call it and where it opens. */
export type NeedSource = { kind: 'answer' | 'interview'; id: string; survey: string | null; title: string; day: string; words: string };

const textsOf = (survey: { questions: readonly Question[]; retired: readonly Question[] } | undefined, answers: Answers): string =>
	[...(survey?.questions ?? []), ...(survey?.retired ?? [])]
		.flatMap(({ key, type }) => (type === 'text' && answers[key] !== undefined ? [String(answers[key])] : []))
		.join('\n');

/** One need with the records behind its figure, newest first; at most 200 are listed. */
export const needSources = async (actor: Actor, organization: string, key: string): Promise<{ need: RankedNeed; sources: NeedSource[]; rights: SurveyRights }> => {
	const { resource } = await standingFor(actor, organization, 'survey.read');
	const asked = await readAsked(organization);
	const mentions = mentionsOf(asked);
	const need = rankNeeds(mentions, asked.names).find((one) => one.key === key);
	if (!need) throw notFound();
	const own = new Set(need.names.map((name) => name.key));
	const behind = new Map<string, (typeof mentions)[number]>();
	for (const mention of mentions) if (own.has(needKey(mention.label)) && !behind.has(mention.record)) behind.set(mention.record, mention);
	const newest = [...behind.values()].sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : a.record < b.record ? 1 : -1)).slice(0, 200);
	const idsOf = (source: string) => toIds(newest.filter((mention) => mention.source === source).map(({ record }) => record));
	const [responses, interviews] = await Promise.all([
		Response.find({ _id: { $in: idsOf('answer') } }, { survey: 1, answers: 1 }).lean(),
		Interview.find({ _id: { $in: idsOf('interview') } }, { who: 1, notes: 1 }).lean()
	]);
	const surveys = new Map(asked.surveys.map((survey) => [survey.id, survey]));
	const answers = new Map(responses.map((response) => [response._id.toHexString(), response]));
	const talks = new Map(interviews.map((interview) => [interview._id.toHexString(), interview]));
	return {
		need,
		sources: newest.map(({ record, source, day }): NeedSource => {
			const answer = answers.get(record);
			const survey = answer ? surveys.get(answer.survey) : undefined;
			return source === 'answer'
				? { kind: 'answer', id: record, survey: survey?.id ?? null, title: survey?.title ?? '', day, words: textsOf(survey, answer?.answers ?? {}) }
				: { kind: 'interview', id: record, survey: null, title: talks.get(record)?.who ?? '', day, words: talks.get(record)?.notes ?? '' };
		}),
		rights: surveyRights(actor, resource)
	};
};

/**
 * The needs of an organization's residents in order, for modules above this one: proposals prefill from them,
 * competitions show them. The caller has checked that its actor may see the organization.
 */
export const rankedNeeds = (organization: string): Promise<RankedNeed[]> => readNeeds(organization);
