/**
 * What surveys and interviews brought in for one organization, as gates and levels count it. The module of surveys
 * computes it from its records; days are `YYYY-MM-DD` in Shanghai.
 */
export type AskedFigures = {
	/** Answers to needs surveys by day; those left out are not in it. */
	surveys: readonly { id: string; title: string; days: readonly { day: string; count: number }[] }[];
	interviews: readonly { id: string; heldOn: string; who: string }[];
	/** Needs in order, with the days they were first and last named. */
	needs: readonly { key: string; label: string; count: number; firstOn: string; lastOn: string }[];
	/** Feedback forms of activities: how many said how it was, and how many of them were satisfied. */
	feedback: readonly { activity: string; count: number; satisfied: number }[];
};

export const nothingAsked: AskedFigures = { surveys: [], interviews: [], needs: [], feedback: [] };

/** The last day anything was said; '' when nothing was. */
export const lastAskedOn = ({ surveys, interviews }: Pick<AskedFigures, 'surveys' | 'interviews'>): string =>
	[...surveys.flatMap(({ days }) => days.map(({ day }) => day)), ...interviews.map(({ heldOn }) => heldOn)].sort().at(-1) ?? '';
