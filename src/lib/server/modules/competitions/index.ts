export { amendCompetition } from './commands/amend-competition.ts';
export { createCompetition, startingSettings } from './commands/create-competition.ts';
export { editCompetition } from './commands/edit-competition.ts';
export { markScreeningReleased } from './commands/release-screening.ts';
export { settleClocks } from './commands/settle-clock.ts';
export { takeNumber } from './commands/take-number.ts';
export { mayTransition, transitionBlockers, transitionCompetition } from './commands/transition-competition.ts';
export { defaultCorrectionDays, defaultRubric, withDefaultRubric } from './defaults.ts';
export { importCompetition, type ImportedCompetition } from './imports.ts';
export { gapHref, registerTransitionGuard, type Blocker, type TransitionGuard } from './guards.ts';
export {
	competitionById,
	competitionBySlug,
	competitionFor,
	competitionsInJudging,
	competitionViews,
	listCompetitions,
	openCompetitions,
	publicCompetition,
	publicCompetitions,
	readCompetition,
	resourceOf,
	type CompetitionRow
} from './queries.ts';
export { settingsOf, type CompetitionView, type PublicCompetition } from './views.ts';
export { competitionWork } from './worklist.ts';
