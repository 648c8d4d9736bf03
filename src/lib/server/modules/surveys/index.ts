export { createSurvey, feedbackIdOf, openFeedback } from './commands/create-survey.ts';
export { arrangeQuestion, editSurvey, saveQuestion, setSurveyRemoved } from './commands/edit-survey.ts';
export { enterResponse, respond, type Sender, type SentResponse } from './commands/respond.ts';
export { clearFlags, eraseContact, leaveOut } from './commands/review-response.ts';
export { editInterview, recordInterview, setInterviewRemoved, type InterviewView } from './commands/interviews.ts';
export { nameNeeds, restoreNeeds } from './commands/name-needs.ts';
export {
	closedSurveys,
	feedbackFormOf,
	listStationSurveys,
	listSurveys,
	publicSurvey,
	readSurvey,
	type PublicSurvey
} from './queries/surveys.ts';
export { surveyResults, type SurveyResults } from './queries/results.ts';
export { exportResponses, listResponses, responseListSchema, type ResponseView } from './queries/responses.ts';
export { listInterviews, readInterview } from './queries/interviews.ts';
export { needSources, organizationNeeds, rankedNeeds, type NeedsView, type NeedSource } from './queries/needs.ts';
export { surveyWork } from './worklist.ts';
export { settleFigures } from './recount.ts';
export { dropTemplate, keepAsTemplate } from './commands/templates.ts';
export { interviewGuide, templatesFor } from './templates.ts';
export { importSurveys, type ImportSurveysContext } from './imports.ts';
export type { SurveyRights, SurveyView } from './view.ts';
