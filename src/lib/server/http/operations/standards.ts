import { z } from 'zod';
import { gateDefinitionsSchema } from '#lib/domain/organizations/criteria.ts';
import { moveCriteriaSchema, moveManySchema, setCriteriaSchema } from '#lib/domain/organizations/gate-editing.ts';
import { handOverSchema } from '#lib/domain/organizations/handover.ts';
import { maturityModelSchema, setModelSchema } from '#lib/domain/organizations/maturity-model.ts';
import { categories, dimensions, statuses } from '#lib/domain/organizations/schema.ts';
import {
	cohortGroups,
	criteriaMoves,
	handOver,
	listHandovers,
	maturityListSchema,
	moveManyToCriteria,
	moveToCriteria,
	nextListSchema,
	publishMaturityModel,
	setGateCriteria,
	stationCohorts,
	stationGateCriteria,
	stationMaturity,
	stationMaturityModel,
	stationNextActions,
	undoHandover
} from '#lib/server/modules/organizations/index.ts';
import { operation } from '../api.ts';
import { listSchema } from './shapes.ts';

const moment = z.iso.datetime();
const words = z.object({ 'zh-CN': z.string(), en: z.string() });
const versionShape = z.object({ version: z.number(), at: moment.nullable(), by: z.string(), note: z.string() });
const gateFigure = z.object({ met: z.number(), total: z.number() });
const published = z.object({ version: z.number() });
const levels = z.object(Object.fromEntries(dimensions.map((key) => [key, z.number().nullable()])) as Record<(typeof dimensions)[number], z.ZodNullable<z.ZodNumber>>);

const nextShape = z.object({
	id: z.string(),
	code: z.string(),
	name: z.string(),
	status: z.enum(statuses),
	gate: z.string(),
	mentor: z.string(),
	next: z.object({
		code: z.string(),
		criterion: z.string().nullable(),
		params: z.record(z.string(), z.union([z.string(), z.number()])),
		who: z.string(),
		due: moment.nullable(),
		overdue: z.array(z.string()),
		stalled: z.boolean()
	}),
	label: words.nullable()
});
const rowShape = z.object({
	id: z.string(),
	code: z.string(),
	name: z.string(),
	category: z.enum(categories),
	status: z.enum(statuses),
	levels: levels.nullable(),
	overall: z.number().nullable(),
	self: z.number().nullable(),
	at: moment.nullable()
});
const cohortShape = z.object({
	key: z.string(),
	count: z.number(),
	assessed: z.number(),
	graduated: z.number(),
	mean: z.number().nullable(),
	levels,
	bands: z.array(z.number())
});
const handoverShape = z.object({
	id: z.string(),
	from: z.string(),
	to: z.string(),
	by: z.string(),
	at: moment,
	reason: z.string(),
	organizations: z.array(z.object({ id: z.string(), name: z.string() })),
	followUps: z.number(),
	state: z.enum(['running', 'done', 'undoing', 'undone']),
	undoneAt: moment.nullable(),
	undoneBy: z.string()
});

const id = ({ id = '' }: Record<string, string>): string => id;

export const standardOperations = {
	gateCriteria: operation({
		method: 'GET',
		path: '/stations/{id}/gate-criteria',
		summary: 'The gate criteria of a station, and the versions it has had',
		answer: z.object({ version: z.number(), definitions: gateDefinitionsSchema, versions: z.array(versionShape) }),
		run: ({ actor, params }) => stationGateCriteria(actor, id(params))
	}),
	setGateCriteria: operation({
		method: 'POST',
		path: '/stations/{id}/gate-criteria',
		summary: 'Put a new version in force for organizations accepted from now on; base is the version it was made from',
		status: 201,
		idempotent: true,
		body: setCriteriaSchema,
		answer: published,
		run: ({ actor, params, body }) => setGateCriteria(actor, id(params), body)
	}),
	moveToCriteria: operation({
		method: 'POST',
		path: '/organizations/{id}/criteria',
		summary: 'Move an organization to another version of its station’s criteria',
		body: moveCriteriaSchema,
		answer: z.object({ id: z.string(), version: z.number() }),
		run: ({ actor, params, body }) => moveToCriteria(actor, id(params), body)
	}),
	criteriaMoves: operation({
		method: 'GET',
		path: '/stations/{id}/gate-criteria/moves',
		summary: 'Organizations that go by older criteria, each with what the newest would change',
		answer: z.object({
			station: z.object({ id: z.string(), name: z.string() }),
			to: z.number(),
			rows: z.array(
				z.object({
					id: z.string(),
					name: z.string(),
					gate: z.string(),
					from: z.number(),
					before: gateFigure,
					after: gateFigure,
					reopens: z.array(words),
					proposed: z.boolean(),
					version: z.number()
				})
			),
			more: z.boolean()
		}),
		run: ({ actor, params }) => criteriaMoves(actor, id(params))
	}),
	moveMany: operation({
		method: 'POST',
		path: '/stations/{id}/gate-criteria/moves',
		summary: 'Move many organizations to the newest criteria, each from the version it was looked at in; who changed since, or has a proposal waiting, is left and named',
		body: moveManySchema,
		answer: z.object({ moved: z.number(), left: z.array(z.object({ id: z.string(), code: z.string() })) }),
		run: ({ actor, params, body }) => moveManyToCriteria(actor, id(params), body)
	}),
	maturityModel: operation({
		method: 'GET',
		path: '/stations/{id}/maturity-model',
		summary: 'The maturity model a station assesses by: that of its city',
		answer: z.object({ city: z.object({ id: z.string(), name: z.string() }), version: z.number(), model: maturityModelSchema, versions: z.array(versionShape) }),
		run: ({ actor, params }) => stationMaturityModel(actor, id(params))
	}),
	setMaturityModel: operation({
		method: 'POST',
		path: '/stations/{id}/maturity-model',
		summary: 'Put a new version of a city’s model in force; assessments made keep theirs',
		status: 201,
		idempotent: true,
		body: setModelSchema,
		answer: published,
		run: ({ actor, params, body }) => publishMaturityModel(actor, id(params), body)
	}),
	next: operation({
		method: 'GET',
		path: '/stations/{id}/next',
		summary: 'Organizations of a station and below, the most pressing first, each with its one next step',
		query: nextListSchema,
		answer: listSchema(nextShape),
		run: ({ actor, params, query }) => stationNextActions(actor, id(params), query)
	}),
	maturity: operation({
		method: 'GET',
		path: '/stations/{id}/maturity',
		summary: 'The levels of a station’s organizations and of those below',
		query: maturityListSchema,
		answer: listSchema(rowShape),
		run: ({ actor, params, query }) => stationMaturity(actor, id(params), query)
	}),
	cohorts: operation({
		method: 'GET',
		path: '/stations/{id}/cohorts',
		summary: 'Organizations compared by category, community or year of foundation',
		query: z.object({ by: z.enum(cohortGroups).default('category') }),
		answer: z.object({ by: z.enum(cohortGroups), total: cohortShape.nullable(), cohorts: z.array(cohortShape.extend({ station: z.string(), value: z.string(), name: z.string() })), more: z.number() }),
		run: ({ actor, params, query }) => stationCohorts(actor, id(params), query.by)
	}),
	handovers: operation({
		method: 'GET',
		path: '/stations/{id}/handovers',
		summary: 'What was handed over at a station, newest first',
		answer: listSchema(handoverShape),
		run: async ({ actor, params }) => ({ items: await listHandovers(actor, id(params)), next: null })
	}),
	handOver: operation({
		method: 'POST',
		path: '/stations/{id}/handovers',
		summary: 'Hand a worker’s organizations and open follow-ups to a colleague',
		status: 201,
		idempotent: true,
		body: handOverSchema,
		answer: z.object({ id: z.string(), moved: z.number() }),
		run: ({ actor, params, body }) => handOver(actor, id(params), body)
	}),
	undoHandover: operation({
		method: 'POST',
		path: '/stations/{id}/handovers/{handover}/undo',
		summary: 'Take a handover back, but for what somebody has changed since',
		answer: z.object({ moved: z.number(), left: z.number() }),
		run: ({ actor, params }) => undoHandover(actor, id(params), params.handover ?? '')
	})
};
