import type { Question, SurveyKind } from '#lib/domain/surveys/types.ts';

/** One page of the survey: its questions, or with none of them the check before sending. */
export type Step = { questions: readonly Question[]; check: boolean };

/** So many questions stand on one page; more come one after the other, with a look at all of them before sending. */
const shortList = 4;

/** The pages of a survey. Feedback is a short list that is sent at once. */
export const stepsOf = ({ kind, questions }: { kind: SurveyKind; questions: readonly Question[] }): Step[] =>
	kind === 'feedback' || questions.length <= shortList
		? [{ questions, check: false }]
		: [...questions.map((question) => ({ questions: [question], check: false })), { questions: [], check: true }];
