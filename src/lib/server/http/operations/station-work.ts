import { z } from 'zod';
import { serviceEntrySchema, serviceFilterSchema } from '#lib/domain/organizations/service-log.ts';
import { supervisionSchema } from '#lib/domain/organizations/supervision.ts';
import { serviceKinds, supervisionForms, supervisionSources } from '#lib/domain/organizations/tool-terms.ts';
import { trainingSchema } from '#lib/domain/organizations/trainings.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import {
	editService,
	editSupervision,
	editTraining,
	listServices,
	listSupervisions,
	listTrainings,
	readService,
	readSupervision,
	readTraining,
	recordService,
	recordSupervision,
	recordTraining,
	setFollowUpDone,
	setServiceRemoved,
	setSupervisionRemoved,
	setTrainingRemoved
} from '#lib/server/modules/organizations/index.ts';
import { pageSchema } from '#lib/server/platform/db/index.ts';
import { operation } from '../api.ts';
import { createdSchema, listSchema } from './shapes.ts';

const person = z.object({ id: z.string().nullable(), name: z.string() });
const moment = z.iso.datetime();
const trainingShape = z.object({
	id: z.string(),
	station: z.string(),
	title: z.string(),
	topic: z.string(),
	heldOn: z.string(),
	hours: z.number(),
	trainer: z.string(),
	place: z.string(),
	attendees: z.array(z.object({ organization: z.string(), member: z.string(), name: z.string() })),
	staff: z.array(person),
	note: z.string(),
	attendances: z.number(),
	enteredBy: z.string(),
	version: z.number()
});
const supervisionShape = z.object({
	id: z.string(),
	station: z.string(),
	source: z.enum(supervisionSources),
	form: z.enum(supervisionForms),
	heldOn: z.string(),
	hours: z.number(),
	supervisor: person,
	workers: z.array(person),
	organizations: z.array(z.string()),
	topic: z.string(),
	advice: z.string(),
	followUps: z.array(z.object({ key: z.string(), text: z.string(), owner: person, dueOn: z.string(), doneAt: moment.nullable(), doneBy: person.nullable() })),
	enteredBy: z.string(),
	version: z.number()
});
const serviceShape = z.object({
	id: z.string(),
	station: z.string(),
	kind: z.enum(serviceKinds),
	heldOn: z.string(),
	people: z.number(),
	attendances: z.number(),
	hours: z.number(),
	community: z.string(),
	organization: z.string(),
	organizationName: z.string(),
	worker: z.string(),
	note: z.string(),
	version: z.number()
});
const filter = serviceFilterSchema.omit({ station: true }).extend(pageSchema.shape);

const id = ({ id: found = '' }: Record<string, string>): string => found;
const stale = z.object({ version: versionSchema });

/**
 * Calls about what a station does for its groups: trainings, supervision, the service log. Private notes of supervision
 * have no call: they are opened on their page by the two people they are for.
 */
export const stationWorkOperations = {
	trainings: operation({
		method: 'GET',
		path: '/stations/{id}/trainings',
		summary: 'Trainings of a station and those below it, newest first',
		query: pageSchema,
		answer: listSchema(trainingShape),
		run: ({ actor, params, query }) => listTrainings(actor, id(params), query)
	}),
	recordTraining: operation({
		method: 'POST',
		path: '/stations/{id}/trainings',
		summary: 'Record a training; it counts for every group whose core members came',
		status: 201,
		idempotent: true,
		body: trainingSchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => recordTraining(actor, id(params), body)
	}),
	training: operation({
		method: 'GET',
		path: '/trainings/{id}',
		summary: 'One training',
		answer: trainingShape,
		run: ({ actor, params }) => readTraining(actor, id(params))
	}),
	editTraining: operation({
		method: 'PUT',
		path: '/trainings/{id}',
		summary: 'Correct a training',
		body: trainingSchema.and(stale),
		run: ({ actor, params, body: { version, ...training } }) => editTraining(actor, id(params), training, version)
	}),
	removeTraining: operation({
		method: 'DELETE',
		path: '/trainings/{id}',
		summary: 'Cancel a training; it can be restored on its page',
		run: ({ actor, params }) => setTrainingRemoved(actor, id(params), true)
	}),
	supervisions: operation({
		method: 'GET',
		path: '/stations/{id}/supervisions',
		summary: 'Supervision sessions of a station and those below it, newest first; never their private notes',
		query: pageSchema,
		answer: listSchema(supervisionShape),
		run: ({ actor, params, query }) => listSupervisions(actor, id(params), query)
	}),
	recordSupervision: operation({
		method: 'POST',
		path: '/stations/{id}/supervisions',
		summary: 'Record a supervision session with its follow-ups',
		status: 201,
		idempotent: true,
		body: supervisionSchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => recordSupervision(actor, id(params), body)
	}),
	supervision: operation({
		method: 'GET',
		path: '/supervisions/{id}',
		summary: 'One supervision session',
		answer: supervisionShape,
		run: async ({ actor, params }) => (await readSupervision(actor, id(params))).session
	}),
	editSupervision: operation({
		method: 'PUT',
		path: '/supervisions/{id}',
		summary: 'Correct a supervision session',
		body: supervisionSchema.and(stale),
		run: ({ actor, params, body: { version, ...session } }) => editSupervision(actor, id(params), session, version)
	}),
	followUp: operation({
		method: 'POST',
		path: '/supervisions/{id}/follow-ups/{key}',
		summary: 'Tick a follow-up off, or open it again',
		body: z.object({ done: z.boolean() }),
		run: ({ actor, params, body }) => setFollowUpDone(actor, id(params), params.key ?? '', body.done)
	}),
	removeSupervision: operation({
		method: 'DELETE',
		path: '/supervisions/{id}',
		summary: 'Take a session back; it can be restored on its page',
		run: ({ actor, params }) => setSupervisionRemoved(actor, id(params), true)
	}),
	services: operation({
		method: 'GET',
		path: '/stations/{id}/services',
		summary: 'The service log of a station and those below it, newest first; people and attendances apart',
		query: filter,
		answer: listSchema(serviceShape),
		run: ({ actor, params, query }) => listServices(actor, id(params), query)
	}),
	recordService: operation({
		method: 'POST',
		path: '/stations/{id}/services',
		summary: 'Write a line of the service log; about a group it counts as evidence',
		status: 201,
		idempotent: true,
		body: serviceEntrySchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => recordService(actor, id(params), body)
	}),
	service: operation({
		method: 'GET',
		path: '/services/{id}',
		summary: 'One line of the service log',
		answer: serviceShape,
		run: ({ actor, params }) => readService(actor, id(params))
	}),
	editService: operation({
		method: 'PUT',
		path: '/services/{id}',
		summary: 'Correct a line of the service log',
		body: serviceEntrySchema.and(stale),
		run: ({ actor, params, body: { version, ...service } }) => editService(actor, id(params), service, version)
	}),
	removeService: operation({
		method: 'DELETE',
		path: '/services/{id}',
		summary: 'Take a line back; it can be restored on its page',
		run: ({ actor, params }) => setServiceRemoved(actor, id(params), true)
	})
};
