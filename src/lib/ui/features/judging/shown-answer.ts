import { tableRows, type QuestionType } from '#lib/domain/competitions/question-types.ts';
import { m } from '#lib/i18n/generated/messages.js';

type Asked = { key: string; label: string; type: QuestionType; options: readonly string[] };

/** An answer as a judge reads it: words, or the rows of a table with the names of its columns first. */
export const shownAnswer = ({ key, label, type, options }: Asked, text: string): { key: string; label: string; text: string; rows?: string[][] } => {
	const rows = type === 'table' ? tableRows(text, options.length) : [];
	return { key, label, text: text === '' ? m.score_no_answer() : text, ...(rows.length > 0 ? { rows: [[...options], ...rows] } : {}) };
};
