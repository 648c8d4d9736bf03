import { z } from 'zod';
import { scopeIds, visibleStations } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import {
	amendmentSchema,
	budgetRulesSchema,
	competitionPatchSchema,
	competitionStates,
	eligibilityRulesSchema,
	newCompetitionSchema,
	roundSchema,
	trackSchema,
	transitionSchema
} from '#lib/domain/competitions/schema.ts';
import {
	amendCompetition,
	competitionFor,
	createCompetition,
	editCompetition,
	listCompetitions,
	publicCompetitions,
	transitionBlockers,
	transitionCompetition,
	type CompetitionRow
} from '#lib/server/modules/competitions/index.ts';
import { pageSchema, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { operation } from '../api.ts';
import { wordsFor } from '../messages.ts';
import { listSchema } from './shapes.ts';

const moment = z.iso.datetime();

const competitionRow = z.object({
	id: z.string(),
	title: z.string(),
	slug: z.string(),
	theme: z.string(),
	fund: z.number(),
	state: z.enum(competitionStates),
	opensAt: moment,
	closesAt: moment,
	station: z.string(),
	stationName: z.string()
});

const competitionShape = z.object({
	id: z.string(),
	title: z.string(),
	slug: z.string(),
	theme: z.string(),
	needs: z.array(z.string()),
	fund: z.number(),
	station: z.string(),
	state: z.enum(competitionStates),
	tracks: z.array(trackSchema),
	eligibility: eligibilityRulesSchema,
	budgetRules: budgetRulesSchema,
	rounds: z.array(roundSchema),
	timeline: z.object({ announcesAt: moment.nullable(), opensAt: moment, closesAt: moment, scoringUntil: moment.nullable() }),
	noticeDays: z.number(),
	version: z.number().optional().meta({ description: 'For the people who run it' })
});

// People who work with competitions get theirs, drafts too, and what is public elsewhere; everybody else what is public, open calls first.
const listFor = async (actor: Actor, page: PageInput): Promise<Page<CompetitionRow>> => {
	const staff = visibleStations(actor) === null || scopeIds(actor, 'station', ['head', 'worker', 'supervisor', 'finance', 'observer']).length > 0;
	if (staff) return listCompetitions(actor, page, true);
	const { open, running, finished } = await publicCompetitions(page);
	return { items: [...open, ...running, ...finished.items], next: finished.next };
};

export const competitionOperations = {
	list: operation({
		method: 'GET',
		path: '/competitions',
		summary: 'Competitions: those of the caller’s stations with their drafts and all public ones, newest first; for others the public ones, open calls first',
		access: 'open',
		query: pageSchema,
		answer: listSchema(competitionRow),
		run: ({ actor, query }) => listFor(actor, query)
	}),
	create: operation({
		method: 'POST',
		path: '/competitions',
		summary: 'Start a competition as a draft; what is not given comes from `from` or the defaults',
		status: 201,
		idempotent: true,
		body: newCompetitionSchema,
		answer: competitionShape,
		run: ({ actor, body }) => createCompetition(actor, body)
	}),
	read: operation({
		method: 'GET',
		path: '/competitions/{id}',
		summary: 'One competition: all of it for the people who run it, the public part for others',
		access: 'open',
		answer: competitionShape,
		run: ({ actor, params }) => competitionFor(actor, params.id ?? '')
	}),
	edit: operation({
		method: 'PATCH',
		path: '/competitions/{id}',
		summary: 'Change settings; after opening the rules are frozen (409)',
		body: competitionPatchSchema,
		answer: competitionShape,
		run: ({ actor, params, body }) => editCompetition(actor, params.id ?? '', body)
	}),
	amend: operation({
		method: 'POST',
		path: '/competitions/{id}/amendments',
		summary: 'Publish an amendment of an open call, with a later closing where wanted',
		body: amendmentSchema,
		answer: competitionShape,
		run: ({ actor, params, body }) => amendCompetition(actor, params.id ?? '', body)
	}),
	transition: operation({
		method: 'POST',
		path: '/competitions/{id}/transitions',
		summary: 'Take the next step; what stands in its way is answered as 409 with every blocker',
		body: transitionSchema,
		answer: competitionShape,
		run: ({ actor, params, body }) => transitionCompetition(actor, params.id ?? '', body)
	}),
	blockers: operation({
		method: 'GET',
		path: '/competitions/{id}/transitions',
		summary: 'What stands in the way of a step',
		query: z.object({ to: z.enum(competitionStates) }),
		answer: z.object({ blockers: z.array(z.object({ code: z.string(), message: z.string(), href: z.string() })) }),
		run: async ({ actor, params, query }) => ({
			blockers: (await transitionBlockers(actor, params.id ?? '', query.to)).map(({ code, params: values, href }) => ({
				code,
				message: wordsFor(code, values),
				href
			}))
		})
	})
};
