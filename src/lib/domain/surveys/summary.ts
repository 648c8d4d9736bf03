import { asksOther, otherWords, questionKinds, scaleSteps } from './question-types.ts';
import type { Answers, Question } from './types.ts';

/** What came of one question. */
export type QuestionSummary = {
	question: Question;
	/** Asked in an earlier wording only. */
	retired: boolean;
	/** People who answered it. */
	answered: number;
	/** How often each option or step was chosen, in the order of the form; empty for text and numbers. */
	counts: { key: string; label: string; count: number }[];
	/** Of a scale or number; null when nobody answered. */
	mean: number | null;
	median: number | null;
	/** Texts as they were written, also beside a choice, in the order of the answers; the first 200. */
	texts: string[];
};

/** Texts shown with the results; all of them are in the list of answers. */
const shownTexts = 200;

const medianOf = (values: readonly number[]): number | null => {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle];
	if (upper === undefined) return null;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

const summaryOf = (question: Question, retired: boolean, all: readonly Answers[]): QuestionSummary => {
	const values = all.flatMap((answers) => (Object.hasOwn(answers, question.key) ? [answers[question.key]] : [])).filter((value) => value !== undefined);
	const numbers = values.filter((value) => typeof value === 'number');
	const times = (key: string | number): number =>
		values.filter((value) => (Array.isArray(value) ? typeof key === 'string' && value.includes(key) : value === key)).length;
	return {
		question,
		retired,
		answered: values.length,
		counts: questionKinds[question.type].choices
			? question.options.map(({ key, label }) => ({ key, label, count: times(key) }))
			: question.type === 'scale'
				? scaleSteps(question).map((step) => ({ key: String(step), label: String(step), count: times(step) }))
				: [],
		mean: numbers.length > 0 ? numbers.reduce((sum, value) => sum + value, 0) / numbers.length : null,
		median: medianOf(numbers),
		texts: (question.type === 'text'
			? values.map(String)
			: asksOther(question)
				? all.map((answers) => otherWords(question, answers)).filter((words) => words !== '')
				: []
		).slice(0, shownTexts)
	};
};

/** Counts answers question by question; questions no longer asked are in it while they have answers. */
export const summarize = (
	{ questions, retired }: { questions: readonly Question[]; retired: readonly Question[] },
	answers: readonly Answers[]
): QuestionSummary[] => [
	...questions.filter(({ type }) => !questionKinds[type].personal).map((question) => summaryOf(question, false, answers)),
	...retired
		.filter(({ type }) => !questionKinds[type].personal)
		.map((question) => summaryOf(question, true, answers))
		.filter(({ answered }) => answered > 0)
];
