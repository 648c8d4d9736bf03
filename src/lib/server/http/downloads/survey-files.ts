import { stringify } from 'csv-stringify/sync';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { answerWords, questionKinds } from '#lib/domain/surveys/question-types.ts';
import type { Question } from '#lib/domain/surveys/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { exportResponses, organizationNeeds, surveyResults, type ResponseView } from '#lib/server/modules/surveys/index.ts';
import { xlsxResponse, type Cell, type Sheet } from '#lib/server/platform/xlsx.ts';
import { flagWords, sourceWords } from '#lib/ui/features/surveys/words.ts';
import { formatDateTime } from '#lib/ui/format.ts';

type Language = 'zh-CN' | 'en';

const cellOf = (question: Question, response: ResponseView): Cell => {
	const value = response.answers[question.key];
	return typeof value === 'number' ? value : answerWords(question, response.answers);
};

const table = async (actor: Actor, id: string, language: Language): Promise<{ title: string; head: string[]; rows: Cell[][] }> => {
	const { title, questions, contacts, rows } = await exportResponses(actor, id);
	const asked = questions.filter(({ type }) => !questionKinds[type].personal);
	return {
		title,
		head: [
			m.survey_col_number(),
			m.survey_col_at(),
			m.survey_col_source(),
			m.survey_col_entered_by(),
			...asked.map(({ label, retired }) => (retired ? `${label}（${m.survey_retired()}）` : label)),
			...(contacts ? [m.survey_contact_name(), m.survey_contact_phone()] : []),
			m.survey_col_flags(),
			m.survey_col_left_out()
		],
		rows: rows.map((row, index) => [
			index + 1,
			formatDateTime(row.at, language),
			sourceWords(row.source),
			row.enteredBy ?? '',
			...asked.map((question) => cellOf(question, row)),
			...(contacts ? [row.contact?.name ?? '', row.contact?.phone ?? ''] : []),
			row.flags.map(flagWords).join('；'),
			row.leftOut?.reason ?? ''
		])
	};
};

/** All answers as a spreadsheet reads them: UTF-8 with a mark, cells that look like formulas made harmless. */
export const surveyCsv = async (actor: Actor, id: string, language: Language): Promise<Response> => {
	const { head, rows } = await table(actor, id, language);
	return new Response(stringify([head, ...rows], { bom: true, escape_formulas: true }), {
		headers: {
			'Content-Type': 'text/csv; charset=utf-8',
			'Content-Disposition': `attachment; filename="survey-${id}.csv"`,
			'X-Content-Type-Options': 'nosniff',
			'Cache-Control': 'private, no-store'
		}
	});
};

/** A workbook: all answers, the counts of each question, and for an organization's survey its needs in order. */
export const surveyXlsx = async (actor: Actor, id: string, language: Language): Promise<Response> => {
	const { title, head, rows } = await table(actor, id, language);
	const { survey, questions } = await surveyResults(actor, id);
	const needs = survey.organization && survey.kind === 'needs' ? (await organizationNeeds(actor, survey.organization)).needs : [];
	const sheets: Sheet[] = [
		{ name: m.survey_tab_answers(), notes: [title], columns: head.map((text) => ({ title: text })), rows },
		{
			name: m.survey_tab_results(),
			columns: [m.survey_questions(), m.survey_option(), m.survey_people(), m.survey_answered()].map((text) => ({ title: text })),
			rows: questions.flatMap(({ question, counts, answered, mean, texts }): Cell[][] =>
				counts.length > 0
					? [
							...counts.map(({ label, count }): Cell[] => [question.label, label, count, answered]),
							...texts.map((text): Cell[] => [question.label, m.survey_other_said({ text }), '', answered])
						]
					: [[question.label, mean === null ? '' : m.survey_mean_short({ mean: Math.round(mean * 100) / 100 }), '', answered]]
			)
		},
		...(needs.length > 0
			? [
					{
						name: m.survey_needs_title(),
						columns: [m.survey_need_rank(), m.survey_need(), m.survey_need_count(), m.survey_need_answers(), m.survey_need_interviews()].map((text) => ({ title: text })),
						rows: needs.map(({ rank, label, count, answers, interviews }): Cell[] => [rank, label, count, answers, interviews])
					}
				]
			: [])
	];
	return xlsxResponse(`survey-${id}`, sheets);
};
