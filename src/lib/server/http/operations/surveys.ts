import { z } from 'zod';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { interviewSchema, leaveOutSchema, needNameSchema, newSurveySchema, responseSchema, surveyPatchSchema } from '#lib/domain/surveys/schema.ts';
import { questionTypes, responseFlags, responseSources, surveyKinds, surveyStates } from '#lib/domain/surveys/terms.ts';
import {
	createSurvey,
	editInterview,
	editSurvey,
	enterResponse,
	leaveOut,
	listInterviews,
	listResponses,
	listStationSurveys,
	listSurveys,
	nameNeeds,
	openFeedback,
	organizationNeeds,
	readSurvey,
	recordInterview,
	responseListSchema,
	setInterviewRemoved,
	surveyResults
} from '#lib/server/modules/surveys/index.ts';
import { pageSchema } from '#lib/server/platform/db/index.ts';
import { operation } from '../api.ts';
import { createdSchema, listSchema } from './shapes.ts';

const moment = z.iso.datetime();
const optionShape = z.object({ key: z.string(), label: z.string() });
const questionShape = z.object({
	key: z.string(),
	type: z.enum(questionTypes),
	label: z.string(),
	hint: z.string(),
	required: z.boolean(),
	asksNeeds: z.boolean(),
	other: z.boolean().optional(),
	options: z.array(optionShape),
	maxChoices: z.number().nullable(),
	min: z.number().nullable(),
	max: z.number().nullable(),
	minLabel: z.string(),
	maxLabel: z.string(),
	unit: z.string()
});
const surveyShape = z.object({
	id: z.string(),
	token: z.string(),
	kind: z.enum(surveyKinds),
	organization: z.string().nullable(),
	activity: z.string().nullable(),
	station: z.string(),
	title: z.string(),
	intro: z.string(),
	thanks: z.string(),
	state: z.enum(surveyStates),
	frozen: z.boolean(),
	closesOn: z.string(),
	questions: z.array(questionShape),
	retired: z.array(questionShape),
	revision: z.number(),
	responses: z.number(),
	version: z.number()
});
const answerShape = z.union([z.string(), z.array(z.string()), z.number()]);
const responseShape = z.object({
	id: z.string(),
	at: moment,
	source: z.enum(responseSources),
	enteredBy: z.string().nullable(),
	revision: z.number(),
	answers: z.record(z.string(), answerShape),
	contact: z.object({ name: z.string(), phone: z.string() }).nullable(),
	hasContact: z.boolean(),
	flags: z.array(z.enum(responseFlags)),
	leftOut: z.object({ by: z.string(), at: moment, reason: z.string() }).nullable()
});
const resultsShape = z.object({
	questions: z.array(
		z.object({
			question: questionShape,
			retired: z.boolean(),
			answered: z.number(),
			counts: z.array(optionShape.extend({ count: z.number() })),
			mean: z.number().nullable(),
			median: z.number().nullable(),
			texts: z.array(z.string())
		})
	),
	sources: z.object({ link: z.number(), paper: z.number(), import: z.number() }),
	leftOut: z.number(),
	flagged: z.number(),
	satisfied: z.object({ count: z.number(), of: z.number(), percent: z.number() }).nullable()
});
const interviewShape = z.object({
	id: z.string(),
	who: z.string(),
	ageBand: z.string(),
	name: z.string(),
	heldOn: z.string(),
	place: z.string(),
	interviewer: z.string(),
	notes: z.string(),
	needs: z.array(z.string()),
	prospective: z.boolean(),
	prospectiveMember: z.string(),
	version: z.number()
});
const needShape = z.object({
	key: z.string(),
	label: z.string(),
	rank: z.number(),
	count: z.number(),
	answers: z.number(),
	interviews: z.number(),
	names: z.array(optionShape.extend({ count: z.number() }))
});

const id = ({ id = '' }: Record<string, string>): string => id;

export const surveyOperations = {
	list: operation({
		method: 'GET',
		path: '/organizations/{id}/surveys',
		summary: 'Surveys and feedback forms of an organization, newest first',
		query: pageSchema,
		answer: listSchema(surveyShape),
		run: ({ actor, params, query }) => listSurveys(actor, id(params), query)
	}),
	create: operation({
		method: 'POST',
		path: '/organizations/{id}/surveys',
		summary: 'Start a survey as a draft, from a template or with questions of its own',
		status: 201,
		idempotent: true,
		body: newSurveySchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => createSurvey(actor, { organization: id(params) }, body)
	}),
	stationList: operation({
		method: 'GET',
		path: '/stations/{id}/surveys',
		summary: 'A station’s own surveys of its community, newest first',
		query: pageSchema,
		answer: listSchema(surveyShape),
		run: async ({ actor, params, query }) => {
			const { items, next } = await listStationSurveys(actor, id(params), query);
			return { items, next };
		}
	}),
	stationCreate: operation({
		method: 'POST',
		path: '/stations/{id}/surveys',
		summary: 'Start a station’s survey of its community as a draft',
		status: 201,
		idempotent: true,
		body: newSurveySchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => createSurvey(actor, { station: id(params) }, body)
	}),
	feedback: operation({
		method: 'POST',
		path: '/organizations/{id}/activities/{activity}/feedback',
		summary: 'Open the feedback form of an activity; asked again it answers the same one',
		status: 201,
		answer: createdSchema,
		run: ({ actor, params }) => openFeedback(actor, id(params), params.activity ?? '')
	}),
	read: operation({
		method: 'GET',
		path: '/surveys/{id}',
		summary: 'A survey with its questions; the public page is /s/{token}',
		answer: surveyShape,
		run: async ({ actor, params }) => (await readSurvey(actor, id(params))).survey
	}),
	edit: operation({
		method: 'PATCH',
		path: '/surveys/{id}',
		summary: 'Change words, questions, last day or state; once it was open, changed questions are new ones',
		body: surveyPatchSchema,
		answer: surveyShape,
		run: ({ actor, params, body }) => editSurvey(actor, id(params), body)
	}),
	results: operation({
		method: 'GET',
		path: '/surveys/{id}/results',
		summary: 'What came of it, question by question',
		answer: resultsShape,
		run: async ({ actor, params }) => {
			const { questions, sources, leftOut, flagged, satisfied } = await surveyResults(actor, id(params));
			return { questions, sources, leftOut, flagged, satisfied };
		}
	}),
	responses: operation({
		method: 'GET',
		path: '/surveys/{id}/responses',
		summary: 'Answers in full, newest first; q looks for words in the free text',
		query: responseListSchema,
		answer: listSchema(responseShape),
		run: ({ actor, params, query }) => listResponses(actor, id(params), query)
	}),
	respond: operation({
		method: 'POST',
		path: '/surveys/{id}/responses',
		summary: 'Enter an answer from paper; choices by the keys of their options',
		status: 201,
		idempotent: true,
		body: responseSchema.extend({ revision: z.int().min(0).optional() }),
		answer: createdSchema,
		run: ({ actor, params, body }) => enterResponse(actor, id(params), body, 'paper')
	}),
	leaveOut: operation({
		method: 'PATCH',
		path: '/surveys/{id}/responses/{response}',
		summary: 'Leave an answer out of every count, with the reason, or count it again',
		body: leaveOutSchema,
		run: ({ actor, params, body }) => leaveOut(actor, id(params), params.response ?? '', body)
	}),
	interviews: operation({
		method: 'GET',
		path: '/organizations/{id}/interviews',
		summary: 'Talks with residents, newest first',
		query: pageSchema,
		answer: listSchema(interviewShape),
		run: ({ actor, params, query }) => listInterviews(actor, id(params), query)
	}),
	recordInterview: operation({
		method: 'POST',
		path: '/organizations/{id}/interviews',
		summary: 'Record a talk; a name only with consent',
		status: 201,
		idempotent: true,
		body: interviewSchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => recordInterview(actor, id(params), body)
	}),
	editInterview: operation({
		method: 'PUT',
		path: '/organizations/{id}/interviews/{interview}',
		summary: 'Correct a recorded talk',
		body: interviewSchema.and(z.object({ version: versionSchema })),
		run: ({ actor, params, body: { version, ...interview } }) => editInterview(actor, id(params), params.interview ?? '', interview, version)
	}),
	removeInterview: operation({
		method: 'DELETE',
		path: '/organizations/{id}/interviews/{interview}',
		summary: 'Take a talk back; it can be restored on the page of needs',
		run: ({ actor, params }) => setInterviewRemoved(actor, id(params), params.interview ?? '', true)
	}),
	needs: operation({
		method: 'GET',
		path: '/organizations/{id}/needs',
		summary: 'Needs of the residents in order, with what they rest on',
		answer: z.object({ items: z.array(needShape), next: z.null(), answers: z.number(), interviews: z.number() }),
		run: async ({ actor, params }) => {
			const { needs, answers, interviews } = await organizationNeeds(actor, id(params));
			return { items: needs, next: null, answers, interviews };
		}
	}),
	nameNeeds: operation({
		method: 'POST',
		path: '/organizations/{id}/needs/names',
		summary: 'Count needs under other words: several under one, or none at all (empty “to”)',
		body: needNameSchema,
		run: ({ actor, params, body }) => nameNeeds(actor, id(params), body)
	})
};
