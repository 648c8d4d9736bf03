import type { AnswerSource, QuestionType } from '#lib/domain/competitions/types.ts';
import { m } from '#lib/i18n/generated/messages.js';

const types: Record<QuestionType, () => string> = {
	line: m.comp_question_line,
	text: m.comp_question_text,
	number: m.comp_question_number,
	choice: m.comp_question_choice,
	multiple: m.setup_question_multiple,
	date: m.setup_question_date,
	table: m.setup_question_table
};

/** How a question is answered, in words. */
export const questionTypeWord = (type: QuestionType): string => types[type]();

const sources: Record<AnswerSource, () => string> = {
	none: m.setup_source_none,
	needs: m.setup_source_needs,
	team: m.setup_source_team,
	place: m.setup_source_place,
	people: m.setup_source_people,
	team_place: m.setup_source_team_place
};

/** What is put into an answer first, in words. */
export const sourceWord = (source: AnswerSource): string => sources[source]();
