import { ageBands, questionTypes } from '#lib/domain/surveys/terms.ts';
import type { AgeBand, QuestionType, ResponseFlag, ResponseSource, SurveyKind, SurveyState } from '#lib/domain/surveys/types.ts';
import { m } from '#lib/i18n/generated/messages.js';

type Words = () => string;

const states: Record<SurveyState, Words> = { draft: m.survey_state_draft, open: m.survey_state_open, closed: m.survey_state_closed };
export const stateWords = (state: SurveyState): string => states[state]();

const kinds: Record<SurveyKind, Words> = { needs: m.survey_kind_needs, feedback: m.survey_kind_feedback };
export const kindWords = (kind: SurveyKind): string => kinds[kind]();

const types: Record<QuestionType, { label: Words; hint: Words }> = {
	single: { label: m.survey_type_single, hint: m.survey_type_single_hint },
	multiple: { label: m.survey_type_multiple, hint: m.survey_type_multiple_hint },
	scale: { label: m.survey_type_scale, hint: m.survey_type_scale_hint },
	number: { label: m.survey_type_number, hint: m.survey_type_number_hint },
	text: { label: m.survey_type_text, hint: m.survey_type_text_hint },
	contact: { label: m.survey_type_contact, hint: m.survey_type_contact_hint }
};
export const typeWords = (type: QuestionType): string => types[type].label();
export const typeOptions = (): { value: QuestionType; label: string; hint: string }[] =>
	questionTypes.map((value) => ({ value, label: types[value].label(), hint: types[value].hint() }));

const bands: Record<AgeBand, Words> = {
	under_18: m.survey_age_under_18,
	'18_39': m.survey_age_18_39,
	'40_59': m.survey_age_40_59,
	'60_69': m.survey_age_60_69,
	'70_79': m.survey_age_70_79,
	'80_up': m.survey_age_80_up,
	unknown: m.survey_age_unknown
};
export const ageBandWords = (band: AgeBand): string => bands[band]();
export const ageBandOptions = (): { value: AgeBand; label: string }[] => ageBands.map((value) => ({ value, label: bands[value]() }));

const sources: Record<ResponseSource, Words> = { link: m.survey_source_link, paper: m.survey_source_paper, import: m.survey_source_import };
export const sourceWords = (source: ResponseSource): string => sources[source]();

const flags: Record<ResponseFlag, Words> = {
	same_answers: m.survey_flag_same_answers,
	same_phone: m.survey_flag_same_phone,
	many_from_device: m.survey_flag_many_from_device
};
export const flagWords = (flag: ResponseFlag): string => flags[flag]();
