import { budgetRulesSchema, competitionSettingsSchema, eligibilityRulesSchema, roundSchema, rubricCriterionSchema, trackSchema } from '#lib/domain/competitions/schema.ts';
import type { CompetitionSettings, Round, RubricCriterion } from '#lib/domain/competitions/types.ts';
import budgetRules from '../../../../../seeds/defaults/budget-rules.json' with { type: 'json' };
import basics from '../../../../../seeds/defaults/competition.json' with { type: 'json' };
import eligibility from '../../../../../seeds/defaults/eligibility.json' with { type: 'json' };
import rubric from '../../../../../seeds/defaults/rubric.json' with { type: 'json' };
import checklist from '../../../../../seeds/defaults/screening-checklist.json' with { type: 'json' };
import tracks from '../../../../../seeds/defaults/tracks.json' with { type: 'json' };

const dayMs = 86_400_000;
/** Shanghai's midnight lies 16 hours into the UTC day before. */
const hourOfShanghai = (day: number, hour: number): string => new Date(day * dayMs + (hour - 8) * 3_600_000).toISOString();

/**
 * What a new competition starts with: the defaults of `seeds/defaults`, and a timeline that opens in a week at
 * nine in the morning and closes at six in the evening.
 */
export const defaultSettings = (at: Date): Omit<CompetitionSettings, 'title' | 'slug'> => {
	const opens = Math.floor((at.getTime() + 8 * 3_600_000) / dayMs) + 7;
	const closes = opens + basics.openDays;
	const criteria = defaultRubric();
	return {
		theme: '',
		needs: [],
		contact: '',
		fund: 0,
		tracks: trackSchema.array().parse(tracks),
		eligibility: eligibilityRulesSchema.parse(eligibility),
		budgetRules: budgetRulesSchema.parse(budgetRules),
		rounds: basics.rounds.map((round) => roundSchema.parse({ ...round, rubric: criteria })),
		bonus: null,
		timeline: {
			announcesAt: null,
			opensAt: hourOfShanghai(opens, 9),
			closesAt: hourOfShanghai(closes, 18),
			graceSeconds: basics.graceSeconds,
			scoringUntil: hourOfShanghai(closes + basics.scoringDays, 18)
		},
		screeningChecklist: competitionSettingsSchema.shape.screeningChecklist.parse(checklist),
		screeners: 1,
		noticeDays: basics.noticeDays
	};
};

/** Days a group gets to correct a returned proposal, unless the screener says otherwise. */
export const defaultCorrectionDays = basics.correctionDays;

/** The platform's default rubric. */
export const defaultRubric = (): RubricCriterion[] => rubricCriterionSchema.array().parse(rubric);

/** The same round with the platform's default rubric, its ties broken in the rubric's order. */
export const withDefaultRubric = (round: Round): Round => {
	const criteria = defaultRubric();
	return { ...round, rubric: criteria, tieBreak: criteria.map(({ key }) => key) };
};
