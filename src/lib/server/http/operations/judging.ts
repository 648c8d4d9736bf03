import { z } from 'zod';
import {
	assignmentSchema,
	decisionSchema,
	judgePairSchema,
	moreReviewsSchema,
	newJudgeSchema,
	outcomes,
	recusalSchema,
	scorecardSaveSchema,
	scorecardStatuses
} from '#lib/domain/judging/schema.ts';
import {
	addJudge,
	askForMore,
	assign,
	assignOne,
	decide,
	listJudges,
	publishNotice,
	queueItems,
	readCertainty,
	readScorecard,
	readWholeRanking,
	recuse,
	removeJudge,
	saveScorecard,
	scoreText,
	type ScorecardState
} from '#lib/server/modules/judging/index.ts';
import { pageSchema } from '#lib/server/platform/db/index.ts';
import { operation } from '../api.ts';
import { listSchema } from './shapes.ts';

const pairShape = z.object({ proposal: z.string(), judge: z.string() });
const criterionShape = z.object({
	key: z.string(),
	label: z.string(),
	points: z.number(),
	step: z.number(),
	anchors: z.object({ high: z.string(), middle: z.string(), low: z.string() })
});
const stateShape = z.object({
	id: z.string(),
	competition: z.string(),
	round: z.string(),
	proposal: z.string(),
	status: z.enum(scorecardStatuses),
	version: z.number(),
	scores: z.record(z.string(), z.number()),
	comments: z.record(z.string(), z.string()),
	overall: z.string(),
	total: z.number().nullable(),
	savedAt: z.iso.datetime().nullable(),
	submittedAt: z.iso.datetime().nullable()
});
const judgeShape = z.object({
	id: z.string(),
	name: z.string(),
	status: z.string(),
	expertise: z.array(z.string()),
	cap: z.number().nullable(),
	assigned: z.number(),
	submitted: z.number(),
	recused: z.number()
});
const awardShape = z.object({ proposal: z.string(), outcome: z.enum(outcomes), amount: z.number(), reason: z.string() });

const answerOf = (card: ScorecardState) => ({
	id: card.id,
	competition: card.competition,
	round: card.round,
	proposal: card.proposal,
	status: card.status,
	version: card.version,
	scores: card.scores,
	comments: card.comments,
	overall: card.overall,
	total: card.total,
	savedAt: card.savedAt,
	submittedAt: card.submittedAt
});

export const judgingOperations = {
	addJudge: operation({
		method: 'POST',
		path: '/competitions/{id}/judges',
		summary: 'Take a judge on: an account by login name, or an invitation link to hand over',
		status: 201,
		body: newJudgeSchema,
		answer: z.object({
			id: z.string(),
			invitation: z.object({ link: z.string(), expiresAt: z.iso.datetime() }).nullable()
		}),
		run: async ({ actor, params, body, event }) => {
			const { id, invitation } = await addJudge(actor, params.id ?? '', body);
			const link = invitation && { link: `${event.url.origin}/join/${invitation.secret}`, expiresAt: invitation.expiresAt };
			return { id, invitation: link };
		}
	}),
	listJudges: operation({
		method: 'GET',
		path: '/competitions/{id}/judges',
		summary: 'The judges of a competition with their progress, for its organizers',
		answer: listSchema(judgeShape),
		run: async ({ actor, params }) => ({ items: await listJudges(actor, params.id ?? ''), next: null })
	}),
	removeJudge: operation({
		method: 'DELETE',
		path: '/competitions/{id}/judges/{judge}',
		summary: 'Take a judge off; refused once scores of theirs count',
		run: ({ actor, params }) => removeJudge(actor, params.judge ?? '')
	}),
	assign: operation({
		method: 'POST',
		path: '/competitions/{id}/assignment',
		summary: 'Deal out scorecards; started ones stay, conflicts are refused, the seed makes it repeatable',
		body: assignmentSchema,
		answer: z.object({
			seed: z.string(),
			round: z.string(),
			reviews: z.number(),
			assignments: z.array(pairShape),
			added: z.number(),
			removed: z.number(),
			load: z.array(z.object({ judge: z.string(), name: z.string(), n: z.number(), cap: z.number().nullable() })),
			unfilled: z.array(z.object({ proposal: z.string(), number: z.string(), missing: z.number(), reason: z.string() })),
			suggestion: z.unknown()
		}),
		run: ({ actor, params, body }) => assign(actor, params.id ?? '', body)
	}),
	assignOne: operation({
		method: 'POST',
		path: '/competitions/{id}/assignment/pairs',
		summary: 'Give one proposal to one judge by the same checks as the draw; a conflict is refused with its kinds in `current`',
		status: 201,
		body: judgePairSchema,
		answer: z.object({ id: z.string() }),
		run: ({ actor, params, body }) => assignOne(actor, body, params.id ?? '')
	}),
	queue: operation({
		method: 'GET',
		path: '/judging',
		direct: true,
		summary: 'My scorecards, in the order of my queue',
		query: pageSchema.extend({ limit: z.coerce.number().int().min(1).max(200).default(200) }),
		answer: listSchema(
			z.object({
				id: z.string(),
				competition: z.string(),
				round: z.string(),
				proposal: z.string(),
				number: z.string(),
				title: z.string(),
				organization: z.string(),
				status: z.enum(scorecardStatuses),
				filled: z.number(),
				total: z.number().nullable()
			})
		),
		run: ({ actor, query }) => queueItems(actor, query)
	}),
	readScorecard: operation({
		method: 'GET',
		path: '/scorecards/{id}',
		direct: true,
		summary: 'My scorecard with its rubric and proposal; somebody else’s is not there',
		answer: stateShape.extend({
			rubric: z.object({ key: z.string(), label: z.string(), maximum: z.number(), criteria: z.array(criterionShape) }),
			proposalDetail: z.looseObject({ id: z.string(), number: z.string(), title: z.string(), organizationName: z.string() }),
			editable: z.boolean()
		}),
		run: async ({ actor, params }) => {
			const { card, rubric, proposal, editable } = await readScorecard(actor, params.id ?? '');
			return { ...answerOf(card), rubric, proposalDetail: proposal, editable };
		}
	}),
	saveScorecard: operation({
		method: 'PUT',
		path: '/scorecards/{id}',
		direct: true,
		summary: 'Save my scorecard as a draft, or submit and lock it; the same save sent twice is one',
		body: scorecardSaveSchema,
		answer: stateShape,
		run: async ({ actor, params, body }) => answerOf(await saveScorecard(actor, params.id ?? '', body))
	}),
	recuse: operation({
		method: 'POST',
		path: '/scorecards/{id}/recusal',
		summary: 'Step back from a proposal',
		body: recusalSchema,
		answer: stateShape,
		run: async ({ actor, params, body }) => answerOf(await recuse(actor, params.id ?? '', body.reason))
	}),
	decide: operation({
		method: 'POST',
		path: '/competitions/{id}/decision',
		summary: 'Decide awards (fen); their total never exceeds the fund. Proposals not named are declined, or kept with rest: keep',
		body: decisionSchema,
		answer: z.object({ awards: z.array(awardShape), total: z.number(), fund: z.number(), version: z.number() }),
		run: async ({ actor, params, body }) => {
			const { rows, ...rest } = await decide(actor, params.id ?? '', body);
			return { awards: Object.entries(rows).map(([proposal, award]) => ({ proposal, ...award })), ...rest };
		}
	}),
	publish: operation({
		method: 'POST',
		path: '/competitions/{id}/notice',
		summary: 'Publish the decision as a public notice',
		status: 201,
		idempotent: true,
		body: z.object({}),
		answer: z.object({ id: z.string(), n: z.number(), digest: z.string(), total: z.number(), noticeUntil: z.iso.datetime() }),
		run: async ({ actor, params }) => {
			const { id, n, digest, total, publishedAt, noticeUntil } = await publishNotice(actor, params.id ?? '');
			return { id, n, digest, total, publishedAt, noticeUntil };
		}
	}),
	ranking: operation({
		method: 'GET',
		path: '/competitions/{id}/ranking',
		summary: 'The official ranking by the published rule with the line the fund draws (money in fen), and beside it how sure it is',
		answer: z.object({
			official: z.array(
				z.looseObject({ rank: z.number().nullable(), proposal: z.string(), number: z.string(), score: z.number().nullable(), n: z.number() })
			),
			honest: z.looseObject({ method: z.literal('calibrated'), icc: z.number().nullable(), reliability: z.number().nullable() }),
			band: z.array(z.string()),
			rules: z.array(z.object({ rule: z.string(), winners: z.array(z.string()), enters: z.array(z.string()), leaves: z.array(z.string()) })),
			budgetLine: z.looseObject({ inside: z.number(), spent: z.number(), left: z.number() })
		}),
		run: async ({ actor, params }) => {
			const [{ head, rows }, { certainty }] = await Promise.all([
				readWholeRanking(actor, params.id ?? ''),
				readCertainty(actor, params.id ?? '')
			]);
			return {
				official: rows.map((row) => ({
					rank: row.rank,
					proposal: row.proposal,
					number: row.number,
					title: row.title,
					score: row.score === null ? null : row.score / 100,
					scoreText: scoreText(row.score),
					n: row.cards.length,
					rule: row.appliedRule,
					tie: row.tie,
					requested: row.requested,
					line: row.line
				})),
				honest: { method: 'calibrated' as const, ...certainty.calibration },
				band: certainty.band,
				rules: certainty.rules,
				influence: certainty.influence,
				outlook: certainty.outlook,
				budgetLine: { fund: head.fund, ...head.line },
				computedAt: head.computedAt
			};
		}
	}),
	moreReviews: operation({
		method: 'POST',
		path: '/competitions/{id}/more-reviews',
		summary: 'Gives every proposal that cannot be told apart at the end of the fund `more` further reviews; a closed round goes back to judging (`reason`)',
		body: moreReviewsSchema,
		answer: z.object({ proposals: z.number(), added: z.number(), missing: z.number(), seed: z.string() }),
		run: ({ actor, params, body }) => askForMore(actor, params.id ?? '', body)
	})
};
