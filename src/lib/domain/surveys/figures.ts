import type { AskedFigures } from '#lib/domain/organizations/asked.ts';
import { needsNamed, rankNeeds, type Mention, type NeedNames, type RankedNeed } from './needs.ts';
import { satisfiedFrom } from './terms.ts';
import type { Answers, Question, SurveyKind } from './types.ts';

/** A survey of one organization, as far as figures depend on it. */
export type AskedSurvey = {
	id: string;
	kind: SurveyKind;
	title: string;
	activity: string | null;
	questions: readonly Question[];
	retired: readonly Question[];
};
/** An answer that counts. Days are `YYYY-MM-DD` in Shanghai. */
export type AskedResponse = { id: string; survey: string; day: string; answers: Answers };
export type AskedInterview = { id: string; heldOn: string; who: string; needs: readonly string[] };

export type Asked = {
	surveys: readonly AskedSurvey[];
	responses: readonly AskedResponse[];
	interviews: readonly AskedInterview[];
	names: NeedNames;
};

/** Whether somebody was satisfied: by the first scale of 1 to 5 they answered; null when they answered none. */
export const isSatisfied = ({ questions, retired }: Pick<AskedSurvey, 'questions' | 'retired'>, answers: Answers): boolean | null => {
	for (const question of [...questions, ...retired]) {
		const value = answers[question.key];
		if (question.type === 'scale' && question.min === 1 && question.max === 5 && typeof value === 'number') return value >= satisfiedFrom;
	}
	return null;
};

/** Everything residents named, from answers and interviews. */
export const mentionsOf = ({ surveys, responses, interviews }: Omit<Asked, 'names'>): Mention[] => {
	const asking = new Map(
		surveys.filter(({ kind }) => kind === 'needs').map((survey) => [survey.id, [...survey.questions, ...survey.retired]])
	);
	return [
		...responses.flatMap(({ id, survey, day, answers }) =>
			needsNamed(asking.get(survey) ?? [], answers).map((label): Mention => ({ label, source: 'answer', record: id, day }))
		),
		...interviews.flatMap(({ id, heldOn, needs }) =>
			needs.map((label): Mention => ({ label, source: 'interview', record: id, day: heldOn }))
		)
	];
};

/** The needs of an organization's residents, ranked. */
export const needsOf = (asked: Asked): RankedNeed[] => rankNeeds(mentionsOf(asked), asked.names);

const grouped = <Item>(items: readonly Item[], by: (item: Item) => string): Map<string, Item[]> => {
	const groups = new Map<string, Item[]>();
	for (const item of items) {
		const group = groups.get(by(item));
		if (group) group.push(item);
		else groups.set(by(item), [item]);
	}
	return groups;
};

const byId = <Item extends { id: string }>(a: Item, b: Item): number => (a.id < b.id ? -1 : 1);

/** The figures gates are computed from: a function of the records, whatever their order. */
export const askedFigures = (asked: Asked): AskedFigures => {
	const bySurvey = grouped(asked.responses, ({ survey }) => survey);
	const counted = (survey: AskedSurvey) => bySurvey.get(survey.id) ?? [];
	const days = (responses: readonly AskedResponse[]) =>
		[...grouped(responses, ({ day }) => day)].map(([day, all]) => ({ day, count: all.length })).sort((a, b) => (a.day < b.day ? -1 : 1));
	const feedback = grouped(
		asked.surveys.filter(({ kind, activity }) => kind === 'feedback' && activity !== null),
		({ activity }) => activity ?? ''
	);
	return {
		surveys: asked.surveys
			.filter((survey) => survey.kind === 'needs' && counted(survey).length > 0)
			.map((survey) => ({ id: survey.id, title: survey.title, days: days(counted(survey)) }))
			.sort(byId),
		interviews: asked.interviews.map(({ id, heldOn, who }) => ({ id, heldOn, who })).sort(byId),
		needs: needsOf(asked).map(({ key, label, count, firstOn, lastOn }) => ({ key, label, count, firstOn, lastOn })),
		feedback: [...feedback]
			.map(([activity, surveys]) => {
				const said = surveys.flatMap((survey) =>
					counted(survey).map(({ answers }) => isSatisfied(survey, answers)).filter((satisfied) => satisfied !== null)
				);
				return { activity, count: said.length, satisfied: said.filter(Boolean).length };
			})
			.filter(({ count }) => count > 0)
			.sort((a, b) => (a.activity < b.activity ? -1 : 1))
	};
};
