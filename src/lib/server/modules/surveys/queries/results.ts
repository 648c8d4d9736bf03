import type { Actor } from '#lib/domain/accounts/types.ts';
import { isSatisfied } from '#lib/domain/surveys/figures.ts';
import { summarize, type QuestionSummary } from '#lib/domain/surveys/summary.ts';
import { surveyFor } from '../access.ts';
import { Response } from '../model.ts';
import { surveyRights, surveyView, type SurveyRights, type SurveyView } from '../view.ts';

/** What came of a survey, question by question; answers left out are only in `leftOut`. */
export type SurveyResults = {
	survey: SurveyView;
	rights: SurveyRights;
	questions: QuestionSummary[];
	/** How answers came in, and how many wait for a look. */
	sources: { link: number; paper: number; import: number };
	leftOut: number;
	flagged: number;
	/** Answers by day, oldest first. */
	days: { day: string; count: number }[];
	/** For feedback: of those who said how it was. Null: nobody did. */
	satisfied: { count: number; of: number; percent: number } | null;
};

/** Counts a survey's answers as they stand now; two reads beside those of the survey. */
export const surveyResults = async (actor: Actor, id: string): Promise<SurveyResults> => {
	const { survey, resource } = await surveyFor(actor, id, 'survey.read');
	const rows = await Response.find({ survey: id }, { answers: 1, source: 1, flags: 1, cleared: 1, leftOut: 1, day: 1 })
		.sort({ at: -1, _id: -1 })
		.lean();
	const counted = rows.filter(({ leftOut }) => leftOut === null);
	const days = new Map<string, number>();
	for (const { day } of counted) days.set(day, (days.get(day) ?? 0) + 1);
	const said = counted.map(({ answers }) => isSatisfied(survey, answers)).filter((satisfied) => satisfied !== null);
	const happy = said.filter(Boolean).length;
	const from = (source: string): number => counted.filter((row) => row.source === source).length;
	return {
		survey: await surveyView(survey),
		rights: surveyRights(actor, resource),
		questions: summarize(survey, counted.map(({ answers }) => answers)),
		sources: { link: from('link'), paper: from('paper'), import: from('import') },
		leftOut: rows.length - counted.length,
		flagged: counted.filter(({ flags, cleared }) => flags.length > 0 && cleared === null).length,
		days: [...days].map(([day, count]) => ({ day, count })).sort((a, b) => (a.day < b.day ? -1 : 1)),
		satisfied:
			survey.kind === 'feedback' && said.length > 0 ? { count: happy, of: said.length, percent: (happy * 100) / said.length } : null
	};
};
