export { default as CarriedAnswers } from './carried-answers.svelte';
export { default as NewSurveyFields } from './new-survey-fields.svelte';
export { default as QuestionField } from './question-field.svelte';
export { default as SurveyStateMark } from './survey-state-mark.svelte';
export { givenAnswer } from './given-answer.ts';
export { listAt, textAt } from './typed.ts';
export * from './words.ts';
