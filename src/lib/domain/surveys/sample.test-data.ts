import { revise } from './revise.ts';
import { questionSchema } from './schema.ts';
import type { Question } from './types.ts';

/** A question for tests; options are named o1, o2, … in order. */
export const newQuestion = ({ options = [], ...more }: Record<string, unknown> & { options?: string[] }): Question => {
	const input = questionSchema.parse({ label: '问什么', ...more, options: options.map((label) => ({ label })) });
	const [question] = revise({ questions: [], retired: [], forms: [] }, [input], false).questions;
	if (!question) throw new Error('one question makes one question');
	return question;
};
