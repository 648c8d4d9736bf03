import { ageBands, questionTypes, responseSources, surveyKinds, surveyStates } from '#lib/domain/surveys/terms.ts';
import type { SurveyForm } from '#lib/domain/surveys/revise.ts';
import type { AgeBand, Answers, Contact, QuestionInput, ResponseFlag, ResponseSource, SurveyKind, SurveyState } from '#lib/domain/surveys/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

/** A person as records name them: the id may be gone one day, the name stays. */
export type Person = { id: string | null; name: string };

/** A survey of an organization, of one of its activities (feedback), or of a station itself (no organization). */
export type SurveyDocument = SurveyForm & {
	_id: Id;
	/** The part of its public address. */
	token: string;
	kind: SurveyKind;
	organization: string | null;
	activity: string | null;
	station: string;
	stationPath: string[];
	title: string;
	intro: string;
	thanks: string;
	state: SurveyState;
	/** Set once: from then on wordings are frozen. */
	openedAt: Date | null;
	/** Last day it takes answers, or ''. */
	closesOn: string;
	closedAt: Date | null;
	createdBy: Person;
	createdAt: Date;
	deletedAt: Date | null;
	version: number;
};

const mixed = (fallback: unknown) => ({ type: Schema.Types.Mixed, default: fallback });

const survey = new Schema<SurveyDocument>({
	token: { type: String, required: true },
	kind: { type: String, enum: surveyKinds, required: true },
	organization: { type: String, default: null },
	activity: { type: String, default: null },
	station: { type: String, required: true },
	stationPath: { type: [String], required: true },
	title: { type: String, required: true },
	intro: { type: String, default: '' },
	thanks: { type: String, default: '' },
	state: { type: String, enum: surveyStates, required: true },
	openedAt: { type: Date, default: null },
	closesOn: { type: String, default: '' },
	closedAt: { type: Date, default: null },
	questions: mixed([]),
	retired: mixed([]),
	forms: mixed([]),
	createdBy: { type: Schema.Types.Mixed, required: true },
	createdAt: { type: Date, required: true },
	deletedAt: { type: Date, default: null },
	version: { type: Number, default: 0 }
});
survey.path('questions').validate((questions: { type: string }[]) => questions.every(({ type }) => (questionTypes as readonly string[]).includes(type)));
survey.index({ token: 1 }, { unique: true });
survey.index({ organization: 1, deletedAt: 1, createdAt: -1, _id: -1 });
survey.index({ station: 1, organization: 1, deletedAt: 1, createdAt: -1, _id: -1 });
survey.index({ station: 1, state: 1, closesOn: 1 });
survey.index({ organization: 1, state: 1, closesOn: 1 });
survey.index({ activity: 1 }, { unique: true, partialFilterExpression: { activity: { $type: 'string' } } });
export const Survey = defineModel<SurveyDocument>('Survey', 'surveys', survey);

export type LeftOut = { by: Person; at: Date; reason: string };

/** What one person said. */
export type ResponseDocument = {
	_id: Id;
	survey: string;
	organization: string | null;
	/** The form it answers, see `SurveyForm.forms`. */
	revision: number;
	answers: Answers;
	/** All text answers in lower case, to search in. */
	text: string;
	contact: Contact | null;
	contactConsentAt: Date | null;
	source: ResponseSource;
	/** Who copied it from paper. */
	enteredBy: Person | null;
	/** Digests of the browser's mark and the address, both only meaningful within this survey; '' when unknown. */
	device: string;
	address: string;
	/** Digest of the answers, to find the same ones again. */
	digest: string;
	flags: ResponseFlag[];
	/** A person looked at the flags and found nothing wrong. */
	cleared: Person | null;
	leftOut: LeftOut | null;
	at: Date;
	/** `YYYY-MM-DD` in Shanghai. */
	day: string;
};

const response = new Schema<ResponseDocument>({
	survey: { type: String, required: true },
	organization: { type: String, default: null },
	revision: { type: Number, default: 0 },
	answers: { type: Schema.Types.Mixed, required: true },
	text: { type: String, default: '' },
	contact: mixed(null),
	contactConsentAt: { type: Date, default: null },
	source: { type: String, enum: responseSources, required: true },
	enteredBy: mixed(null),
	device: { type: String, default: '' },
	address: { type: String, default: '' },
	digest: { type: String, required: true },
	flags: { type: [String], default: [] },
	cleared: mixed(null),
	leftOut: mixed(null),
	at: { type: Date, required: true },
	day: { type: String, required: true }
});
response.index({ survey: 1, at: -1, _id: -1 });
response.index({ survey: 1, leftOut: 1 });
response.index({ survey: 1, device: 1 });
response.index({ survey: 1, digest: 1 });
response.index({ organization: 1, leftOut: 1 });
export const Response = defineModel<ResponseDocument>('SurveyResponse', 'survey_responses', response);

export type InterviewDocument = {
	_id: Id;
	organization: string;
	who: string;
	ageBand: AgeBand;
	/** Only with consent. */
	name: string;
	heldOn: string;
	place: string;
	interviewer: string;
	notes: string;
	needs: string[];
	prospective: boolean;
	/** The line of the roster of the person found, or ''. */
	prospectiveMember: string;
	enteredBy: Person;
	createdAt: Date;
	deletedAt: Date | null;
	version: number;
};

const interview = new Schema<InterviewDocument>({
	organization: { type: String, required: true },
	who: { type: String, required: true },
	ageBand: { type: String, enum: ageBands, required: true },
	name: { type: String, default: '' },
	heldOn: { type: String, required: true },
	place: { type: String, default: '' },
	interviewer: { type: String, required: true },
	notes: { type: String, required: true },
	needs: { type: [String], default: [] },
	prospective: { type: Boolean, default: false },
	prospectiveMember: { type: String, default: '' },
	enteredBy: { type: Schema.Types.Mixed, required: true },
	createdAt: { type: Date, required: true },
	deletedAt: { type: Date, default: null },
	version: { type: Number, default: 0 }
});
interview.index({ organization: 1, deletedAt: 1, heldOn: -1, _id: -1 });
export const Interview = defineModel<InterviewDocument>('Interview', 'interviews', interview);

/** What is kept of an organization's needs beside the records they come from, and whether they were counted. */
export type NeedBookDocument = {
	/** The organization's id. */
	_id: string;
	/** Own words of a need → words it counts under. */
	names: { key: string; to: string }[];
	/** Goes up with every change of a survey's answers, an interview or the names. */
	change: number;
	changedAt: Date;
	/** A change has not been counted yet. */
	stale: boolean;
	version: number;
};
const needBook = new Schema<NeedBookDocument>({
	_id: { type: String, required: true },
	names: mixed([]),
	change: { type: Number, default: 0 },
	changedAt: { type: Date, required: true },
	stale: { type: Boolean, default: false },
	version: { type: Number, default: 0 }
});
needBook.index({ stale: 1, changedAt: 1 });
needBook.index({ changedAt: 1 });
export const NeedBook = defineModel<NeedBookDocument>('NeedBook', 'need_books', needBook);

/** A questionnaire a station keeps to start from. */
export type SurveyTemplateDocument = {
	_id: Id;
	station: string;
	title: string;
	intro: string;
	questions: QuestionInput[];
	createdBy: Person;
	createdAt: Date;
};
const surveyTemplate = new Schema<SurveyTemplateDocument>({
	station: { type: String, required: true },
	title: { type: String, required: true },
	intro: { type: String, default: '' },
	questions: mixed([]),
	createdBy: { type: Schema.Types.Mixed, required: true },
	createdAt: { type: Date, required: true }
});
surveyTemplate.index({ station: 1, title: 1 }, { unique: true });
export const StoredTemplate = defineModel<SurveyTemplateDocument>('SurveyTemplate', 'survey_templates', surveyTemplate);
