import { z } from 'zod';
import { newStationSchema } from '#lib/domain/stations/schema.ts';
import { createStation, listStations, readStation } from '#lib/server/modules/stations/index.ts';
import { pageSchema } from '#lib/server/platform/db/index.ts';
import { operation } from '../api.ts';
import { createdSchema, listSchema } from './shapes.ts';

const stationShape = newStationSchema.extend({ id: z.string(), path: z.array(z.string()), version: z.number() });

export const stationOperations = {
	list: operation({
		method: 'GET',
		path: '/stations',
		summary: 'Stations the caller may see, by name',
		query: pageSchema,
		answer: listSchema(stationShape),
		run: ({ actor, query }) => listStations(actor, query)
	}),
	create: operation({
		method: 'POST',
		path: '/stations',
		summary: 'Put a station into the tree',
		status: 201,
		idempotent: true,
		body: newStationSchema,
		answer: createdSchema,
		run: ({ actor, body }) => createStation(actor, body)
	}),
	read: operation({
		method: 'GET',
		path: '/stations/{id}',
		summary: 'One station',
		answer: stationShape,
		run: ({ actor, params }) => readStation(actor, params.id ?? '')
	})
};
