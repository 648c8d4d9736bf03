import { z } from 'zod';
import {
	advanceSchema,
	ballotSchema,
	bonusGrantSchema,
	juryCodesSchema,
	juryRevokeSchema,
	pitchActSchema,
	pitchDrawSchema,
	scorecardSaveSchema,
	scorecardStatuses
} from '#lib/domain/judging/schema.ts';
import {
	advance,
	castBallot,
	checkPaper,
	conductPitch,
	drawPitch,
	enterPaper,
	grantBonus,
	issueJuryCodes,
	linkScreen,
	pitchConsole,
	readBallot,
	readPaper,
	readRounds,
	revokeJuryCodes
} from '#lib/server/modules/judging/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { operation } from '../api.ts';
import { clientAddress } from '../session-handle.ts';

const sessionShape = z.looseObject({ status: z.enum(['ready', 'running', 'ended']), version: z.number(), current: z.string().nullable() });
const ruleShape = z.looseObject({ kind: z.string() });

/** Rounds, pitch day, the public jury and paper scorecards. */
export const pitchOperations = {
	rounds: operation({
		method: 'GET',
		path: '/competitions/{id}/rounds',
		summary: 'The rounds with their groups and how far they are; who advanced, bonus points granted. No scores',
		answer: z.looseObject({ rounds: z.array(z.looseObject({ key: z.string(), label: z.string(), weight: z.number() })) }),
		run: ({ actor, params }) => readRounds(actor, params.id ?? '')
	}),
	advance: operation({
		method: 'POST',
		path: '/competitions/{id}/advancements',
		summary: 'Decide who goes on to a later round: the first n, everybody from a line of points on, or those named; with a reason',
		body: advanceSchema,
		answer: z.object({ round: z.string(), proposals: z.array(z.string()), rule: ruleShape }),
		run: ({ actor, params, body }) => advance(actor, params.id ?? '', body)
	}),
	bonus: operation({
		method: 'POST',
		path: '/competitions/{id}/bonus',
		summary: 'Grant a proposal bonus points the call declares; without keys take them back',
		body: bonusGrantSchema,
		run: ({ actor, params, body }) => grantBonus(actor, params.id ?? '', body)
	}),
	readPitch: operation({
		method: 'GET',
		path: '/competitions/{id}/pitch',
		summary: 'The pitch session as its console shows it: order, clock, what is open, who is missing; scores once revealed',
		answer: sessionShape,
		run: async ({ actor, params }) => {
			const live = await pitchConsole(actor, params.id ?? '');
			if (!live) throw notFound();
			return live.now;
		}
	}),
	drawPitch: operation({
		method: 'POST',
		path: '/competitions/{id}/pitch/draws',
		summary: 'Draw the order of the pitches by lot; again only before the start and with a reason',
		body: pitchDrawSchema,
		answer: z.object({ seed: z.string(), order: z.array(z.object({ proposal: z.string(), number: z.string() })), version: z.number() }),
		run: async ({ actor, params, body }) => {
			const { seed, items, version } = await drawPitch(actor, params.id ?? '', body);
			return { seed, order: items.map(({ proposal, number }) => ({ proposal, number })), version };
		}
	}),
	actPitch: operation({
		method: 'POST',
		path: '/competitions/{id}/pitch/acts',
		summary: 'An act at the console: start, present, run, pause, reset, open, close, reveal, end; for the version that is shown',
		body: pitchActSchema,
		answer: sessionShape,
		run: async ({ actor, params, body }) => {
			const { status, version, current, standing } = await conductPitch(actor, params.id ?? '', body);
			return { status, version, current, standing };
		}
	}),
	linkScreen: operation({
		method: 'POST',
		path: '/competitions/{id}/pitch/screen',
		summary: 'A fresh link for the screen of the hall; the one before stops working',
		status: 201,
		body: z.object({}),
		answer: z.object({ link: z.string() }),
		run: async ({ actor, params, event }) => {
			const { secret } = await linkScreen(actor, params.id ?? '');
			return { link: `${event.url.origin}/screen/${secret}` };
		}
	}),
	issueCodes: operation({
		method: 'POST',
		path: '/competitions/{id}/jury-codes',
		summary: 'One-time codes of the public jury; they are in this answer only',
		status: 201,
		body: juryCodesSchema,
		answer: z.object({
			round: z.string(),
			expiresAt: z.iso.datetime(),
			codes: z.array(z.object({ n: z.number(), code: z.string() }))
		}),
		run: ({ actor, params, body }) => issueJuryCodes(actor, params.id ?? '', body)
	}),
	revokeCodes: operation({
		method: 'POST',
		path: '/competitions/{id}/jury-codes/revocations',
		summary: 'Take unused codes back by their numbers',
		body: juryRevokeSchema,
		answer: z.object({ revoked: z.number() }),
		run: ({ actor, params, body }) => revokeJuryCodes(actor, params.id ?? '', body)
	}),
	readBallot: operation({
		method: 'GET',
		path: '/jury/{code}',
		summary: 'The ballot behind a one-time code; no account is needed',
		access: 'open',
		answer: z.looseObject({ title: z.string(), projects: z.array(z.looseObject({ id: z.string(), title: z.string() })) }),
		run: ({ params, event }) => readBallot(params.code ?? '', clientAddress(event))
	}),
	castBallot: operation({
		method: 'POST',
		path: '/jury/{code}',
		summary: 'Cast the ballot of a one-time code; each project once',
		access: 'open',
		status: 201,
		body: ballotSchema,
		answer: z.object({ projects: z.number(), inTurn: z.boolean() }),
		run: ({ params, body, event }) => castBallot(params.code ?? '', body, clientAddress(event))
	}),
	readPaper: operation({
		method: 'GET',
		path: '/scorecards/{id}/paper',
		summary: 'A scorecard at the desk where paper is typed in; scores only of what came from paper',
		answer: z.looseObject({ id: z.string(), status: z.enum(scorecardStatuses), version: z.number() }),
		run: ({ actor, params }) => readPaper(actor, params.id ?? '')
	}),
	enterPaper: operation({
		method: 'PUT',
		path: '/scorecards/{id}/paper',
		summary: 'Type in a judge’s paper scorecard, by the same rules as the judge’s own',
		body: scorecardSaveSchema,
		answer: z.looseObject({ id: z.string(), status: z.enum(scorecardStatuses), version: z.number(), total: z.number().nullable() }),
		run: async ({ actor, params, body }) => {
			const { id, status, version, total } = await enterPaper(actor, params.id ?? '', body);
			return { id, status, version, total };
		}
	}),
	checkPaper: operation({
		method: 'POST',
		path: '/scorecards/{id}/paper/check',
		summary: 'A second person has compared it with the paper',
		body: z.object({}),
		run: ({ actor, params }) => checkPaper(actor, params.id ?? '')
	})
};
