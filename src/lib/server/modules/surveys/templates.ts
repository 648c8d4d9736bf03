import { z } from 'zod';
import templates from '../../../../../seeds/defaults/survey-template.json' with { type: 'json' };
import { revise, type SurveyForm } from '#lib/domain/surveys/revise.ts';
import { questionSchema } from '#lib/domain/surveys/schema.ts';
import type { QuestionInput } from '#lib/domain/surveys/types.ts';
import { StoredTemplate } from './model.ts';

const label = z.string().min(1);
const templateSchema = z.object({
	key: z.string(),
	title: z.string(),
	intro: z.string(),
	questions: z.array(
		z.looseObject({
			options: z
				.array(label)
				.default([])
				.transform((labels) => labels.map((text) => ({ label: text })))
		})
	)
});

/** A ready-made questionnaire. */
export type SurveyTemplate = { key: string; title: string; intro: string; questions: QuestionInput[] };

const all: SurveyTemplate[] = z
	.object({ templates: z.array(templateSchema) })
	.parse(templates)
	.templates.map((template) => ({ ...template, questions: z.array(questionSchema).parse(template.questions) }));

/** So many questionnaires of its own a station may keep. */
export const mostTemplates = 30;

/**
 * Questionnaires to start from: the ready-made one, then the station's own. The interview guide is for reading, not
 * for filling in, and feedback has its place beside the activity.
 */
export const templatesFor = async (station: string): Promise<SurveyTemplate[]> => {
	const own = await StoredTemplate.find({ station }).sort({ station: 1, title: 1 }).limit(mostTemplates).lean();
	return [
		...all.filter(({ key }) => key === 'needs'),
		...own.map(({ _id, title, intro, questions }) => ({ key: _id.toHexString(), title, intro, questions }))
	];
};

/** The questionnaire a new survey of a station starts from, or null. */
export const templateFor = async (station: string, key: string): Promise<SurveyTemplate | null> =>
	(await templatesFor(station)).find((template) => template.key === key) ?? null;

/** What to ask in an interview, question by question. */
export const interviewGuide = (): { label: string; hint: string }[] =>
	(all.find(({ key }) => key === 'interview')?.questions ?? []).map(({ label: text, hint }) => ({ label: text, hint }));

export const templateByKey = (key: string): SurveyTemplate | null => all.find((template) => template.key === key) ?? null;

/** A form that was never out, with these questions. */
export const newForm = (questions: readonly QuestionInput[]): SurveyForm => revise({ questions: [], retired: [], forms: [] }, questions, false);
