import type { z } from 'zod';
import type { interviewSchema, needNameSchema, newSurveySchema, questionSchema, surveyPatchSchema } from './schema.ts';
import type { ageBands, responseFlags, responseSources, surveyKinds, surveyStates } from './terms.ts';

export type SurveyKind = (typeof surveyKinds)[number];
export type SurveyState = (typeof surveyStates)[number];
export type AgeBand = (typeof ageBands)[number];
export type ResponseSource = (typeof responseSources)[number];
export type ResponseFlag = (typeof responseFlags)[number];

export type { Answers, AnswerValue, Contact, Option, Question, QuestionType } from './question.ts';
export type QuestionInput = z.infer<typeof questionSchema>;
export type NewSurvey = z.infer<typeof newSurveySchema>;
export type SurveyPatch = z.infer<typeof surveyPatchSchema>;
export type InterviewInput = z.infer<typeof interviewSchema>;
export type NeedName = z.infer<typeof needNameSchema>;
