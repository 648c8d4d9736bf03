import { z } from 'zod';
import { recusalRequestSchema, recusalVerdictSchema, remindSchema, scorecardStatuses, trialSchema } from '#lib/domain/judging/schema.ts';
import {
	answerRecusal,
	askForRecusal,
	dropTrial,
	listRecusalRequests,
	ownRecusalRequests,
	ownReminders,
	readOwnTrial,
	readTrial,
	remind,
	sampleFrom,
	setTrial
} from '#lib/server/modules/judging/index.ts';
import { operation } from '../api.ts';
import { listSchema } from './shapes.ts';

const moment = z.iso.datetime();
const spreadShape = z.object({
	maximum: z.number(),
	criteria: z.array(z.object({ key: z.string(), label: z.string(), points: z.number(), marks: z.array(z.number()), own: z.number().nullable() })),
	totals: z.array(z.number()),
	own: z.number().nullable()
});
const trialShape = z.object({
	trial: z.object({ round: z.string(), title: z.string(), text: z.string(), required: z.boolean(), at: moment, byName: z.string() }).nullable(),
	rounds: z.array(z.object({ key: z.string(), label: z.string() })),
	judges: z.array(z.object({ id: z.string(), name: z.string(), status: z.enum(['none', 'begun', 'done']) })),
	spread: spreadShape.nullable(),
	narrowed: z.boolean(),
	begun: z.boolean(),
	earlier: z.array(z.object({ id: z.string(), label: z.string() }))
});
/** What a group may know of a request of its own: nothing in it tells whether the person judges. */
const ownRequestShape = z.object({
	id: z.string(),
	person: z.string(),
	reason: z.string(),
	status: z.enum(['open', 'accepted', 'declined']),
	answer: z.string(),
	at: moment,
	answeredAt: moment.nullable()
});
const requestShape = ownRequestShape.extend({
	proposal: z.string(),
	number: z.string(),
	title: z.string(),
	organizationName: z.string(),
	byName: z.string(),
	answeredByName: z.string(),
	judges: z.array(z.string())
});

const id = ({ id = '' }: Record<string, string>): string => id;

/** The panel around the scoring: the sample all score first, reminders, and requests that somebody not judge. */
export const panelOperations = {
	trial: operation({
		method: 'GET',
		path: '/competitions/{id}/trial',
		summary: 'The sample judges score first, who has done it, and how it was scored without names',
		answer: trialShape,
		run: ({ actor, params }) => readTrial(actor, id(params))
	}),
	setTrial: operation({
		method: 'PUT',
		path: '/competitions/{id}/trial',
		summary: 'Put the sample in place; its text is fixed once a judge has begun, `required` is not',
		body: trialSchema,
		answer: trialShape,
		run: async ({ actor, params, body }) => {
			await setTrial(actor, id(params), body);
			return readTrial(actor, id(params));
		}
	}),
	dropTrial: operation({
		method: 'DELETE',
		path: '/competitions/{id}/trial',
		summary: 'Take the sample away with what was scored of it',
		run: ({ actor, params }) => dropTrial(actor, id(params))
	}),
	trialSample: operation({
		method: 'GET',
		path: '/competitions/{id}/trial/samples/{proposal}',
		summary: 'An earlier proposal (one of `earlier`) as the text of a sample, without its group, to be read over before use',
		answer: z.object({ title: z.string(), text: z.string() }),
		run: ({ actor, params }) => sampleFrom(actor, id(params), params.proposal ?? '')
	}),
	trialCard: operation({
		method: 'GET',
		path: '/competitions/{id}/trial/card',
		summary: 'My card of the sample, to be saved like any scorecard; how all have scored it once mine is in. None of it counts',
		answer: z.looseObject({
			id: z.string(),
			status: z.enum(scorecardStatuses),
			version: z.number(),
			scores: z.record(z.string(), z.number()),
			title: z.string(),
			text: z.string(),
			editable: z.boolean(),
			spread: spreadShape.nullable()
		}),
		run: async ({ actor, params }) => {
			const { card, rubric, proposal, editable, spread } = await readOwnTrial(actor, id(params));
			return { ...card, rubric, title: proposal.title, text: proposal.answers.sample ?? '', editable, spread };
		}
	}),
	remind: operation({
		method: 'POST',
		path: '/competitions/{id}/reminders',
		summary: 'Remind one judge, or `all` who are behind; each once a day at most, whoever asks',
		body: remindSchema,
		answer: z.object({ reminded: z.number(), already: z.number() }),
		run: ({ actor, params, body }) => remind(actor, id(params), body)
	}),
	ownReminders: operation({
		method: 'GET',
		path: '/judging/reminders',
		summary: 'The latest reminder to me in each competition, of the last three days',
		answer: listSchema(z.object({ competition: z.string(), text: z.string(), at: moment, byName: z.string() })),
		run: async ({ actor }) => ({ items: await ownReminders(actor), next: null })
	}),
	askForRecusal: operation({
		method: 'POST',
		path: '/proposals/{id}/recusal-requests',
		summary: 'Ask that a person not judge this proposal; the answer is the same whether or not they judge',
		status: 201,
		idempotent: true,
		body: recusalRequestSchema,
		answer: z.object({ id: z.string() }),
		run: ({ actor, params, body }) => askForRecusal(actor, id(params), body)
	}),
	ownRequests: operation({
		method: 'GET',
		path: '/proposals/{id}/recusal-requests',
		summary: 'The requests of a proposal and their answers, for its group',
		answer: listSchema(ownRequestShape).extend({ mayAsk: z.boolean() }),
		run: async ({ actor, params }) => {
			const { requests, mayAsk } = await ownRecusalRequests(actor, id(params));
			return { items: requests, next: null, mayAsk };
		}
	}),
	listRequests: operation({
		method: 'GET',
		path: '/competitions/{id}/recusal-requests',
		summary: 'All requests of a competition for its organizers, open ones first, with the judges of that name',
		answer: listSchema(requestShape),
		run: async ({ actor, params }) => ({ items: await listRecusalRequests(actor, id(params)), next: null })
	}),
	answerRequest: operation({
		method: 'POST',
		path: '/competitions/{id}/recusal-requests/{request}/answer',
		summary: 'Accept a request, which keeps the named person from the proposal for good and deals again, or decline it; the group is told `answer` and nothing else',
		body: recusalVerdictSchema,
		answer: z.object({ judges: z.number(), missing: z.number() }),
		run: ({ actor, params, body }) => answerRecusal(actor, id(params), { ...body, request: params.request ?? '' })
	})
};
