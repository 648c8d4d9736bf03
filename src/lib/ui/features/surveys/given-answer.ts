import { readResponse } from '#lib/domain/surveys/answers.ts';
import { answerWords, otherKey } from '#lib/domain/surveys/question-types.ts';
import type { Question } from '#lib/domain/surveys/types.ts';
import { listAt, textAt } from './typed.ts';

/** What somebody is about to send, in their own words; '' when they left it empty. */
export const givenAnswer = (question: Question, values: Readonly<Record<string, unknown>>): string => {
	if (question.type === 'contact') return [textAt(values, 'contact.name'), textAt(values, 'contact.phone')].filter(Boolean).join(' ');
	const path = `answers.${question.key}`;
	const beside = textAt(values, `answers.${otherKey(question.key)}`);
	const { answers } = readResponse(
		[question],
		{
			answers: {
				[question.key]: question.type === 'multiple' ? listAt(values, path) : textAt(values, path),
				...(beside === '' ? {} : { [otherKey(question.key)]: beside })
			},
			contact: {}
		},
		'paper'
	);
	return answerWords(question, answers);
};
