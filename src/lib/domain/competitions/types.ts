import type { z } from 'zod';
import type {
	amendedRulesSchema,
	amendmentSchema,
	bonusSchema,
	budgetCategorySchema,
	budgetRulesSchema,
	competitionPatchSchema,
	competitionSettingsSchema,
	competitionStates,
	eligibilityRulesSchema,
	judgeGroupSchema,
	newCompetitionSchema,
	questionSchema,
	roundSchema,
	rubricCriterionSchema,
	scoringRules,
	timelineSchema,
	trackSchema,
	transitionSchema
} from './schema.ts';

export type CompetitionState = (typeof competitionStates)[number];
export type RubricCriterion = z.infer<typeof rubricCriterionSchema>;
export type ScoringRule = (typeof scoringRules)[number];
export type JudgeGroup = z.infer<typeof judgeGroupSchema>;
export type Bonus = z.infer<typeof bonusSchema>;
export type Round = z.infer<typeof roundSchema>;
export type { AnswerSource, QuestionType } from './question-types.ts';
export type Question = z.infer<typeof questionSchema>;
export type Track = z.infer<typeof trackSchema>;
export type BudgetCategory = z.infer<typeof budgetCategorySchema>;
export type BudgetRules = z.infer<typeof budgetRulesSchema>;
export type EligibilityRules = z.infer<typeof eligibilityRulesSchema>;
export type Timeline = z.infer<typeof timelineSchema>;
export type CompetitionSettings = z.infer<typeof competitionSettingsSchema>;
export type CompetitionPatch = z.infer<typeof competitionPatchSchema>;
export type NewCompetition = z.infer<typeof newCompetitionSchema>;
export type Transition = z.infer<typeof transitionSchema>;
/** Rules an amendment replaces. */
export type AmendedRules = z.infer<typeof amendedRulesSchema>;
/** One replaced rule, as it was and as it is. */
export type RuleChange = { [Part in keyof AmendedRules]-?: { part: Part; before: CompetitionSettings[Part]; after: CompetitionSettings[Part] } }[keyof AmendedRules];
export type Amendment = z.infer<typeof amendmentSchema>;
