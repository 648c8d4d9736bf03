import { z } from 'zod';
import { isPublic } from '#lib/domain/competitions/lifecycle.ts';
import { answerSchema, committeeSchema, correctionSchema, noteSchema, objectionSchema, objectionStatuses, sides, statementSchema, voteSchema } from '#lib/domain/objections/schema.ts';
import { competitionById } from '#lib/server/modules/competitions/index.ts';
import {
	addNote,
	answerObjection,
	conveneCommittee,
	correctAfterObjection,
	fileObjection,
	listObjections,
	publicResults,
	readObjection,
	recordStatement,
	voteOnObjection,
	type ObjectionView
} from '#lib/server/modules/judging/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { operation } from '../api.ts';
import { clientAddress } from '../session-handle.ts';
import { listSchema } from './shapes.ts';

const moment = z.iso.datetime();
const about = z.looseObject({ number: z.string(), title: z.string() }).nullable();
const tallyShape = z.object({ uphold: z.number(), reject: z.number(), open: z.number(), outcome: z.enum(['upheld', 'rejected']).nullable() });
const objectionShape = z.object({
	id: z.string(),
	receipt: z.string(),
	competition: z.string(),
	n: z.number(),
	about,
	status: z.enum(objectionStatuses),
	text: z.string(),
	objector: z.object({ name: z.string(), contact: z.string() }).nullable(),
	receivedAt: moment,
	due: moment,
	committee: z.array(z.object({ user: z.string(), name: z.string() })),
	candidates: z.array(z.object({ user: z.string(), name: z.string(), part: z.enum(['staff', 'judge']) })),
	statements: z.array(z.object({ side: z.enum(sides), text: z.string(), at: moment, byName: z.string() })),
	votes: z.array(z.object({ name: z.string(), uphold: z.boolean(), reason: z.string(), at: moment })),
	tally: tallyShape,
	answer: z.looseObject({ summary: z.string(), text: z.string(), at: moment }).nullable(),
	correction: z.looseObject({ text: z.string(), at: moment }).nullable(),
	version: z.number()
});

const answerOf = ({ id, receipt, competition, n, about, status, text, objector, receivedAt, due, ...objection }: ObjectionView) => ({
	...{ id, receipt, n, about, status, text, objector, receivedAt, due },
	competition: competition.id,
	committee: objection.committee,
	candidates: objection.candidates.filter(({ unfit }) => unfit.length === 0).map(({ user, name, part }) => ({ user, name, part })),
	statements: objection.statements,
	votes: objection.votes.map(({ name, uphold, reason, at }) => ({ name, uphold, reason, at })),
	tally: objection.tally,
	answer: objection.answer,
	correction: objection.correction,
	version: objection.version
});

export const objectionOperations = {
	notices: operation({
		method: 'GET',
		path: '/competitions/{id}/notices',
		summary: 'The public notices of a competition, newest first; a later one supersedes the others',
		access: 'open',
		answer: listSchema(
			z.looseObject({ id: z.string(), n: z.number(), digest: z.string(), total: z.number(), publishedAt: moment, noticeUntil: moment })
		),
		run: async ({ params }) => {
			const { slug, state } = await competitionById(params.id ?? '');
			if (!isPublic(state)) throw notFound();
			const items = (await publicResults(slug)).map(({ id, n, digest, total, fund, publishedAt, noticeUntil, corrects }) => ({
				...{ id, n, digest, total, fund, publishedAt, noticeUntil },
				corrects: corrects ?? null,
				file: `/competitions/${slug}/results/file?notice=${n}&as=json`
			}));
			return { items, next: null };
		}
	}),
	file: operation({
		method: 'POST',
		path: '/notices/{id}/objections',
		summary: 'Object to a running notice; open to everybody, 409 after its window. Evidence goes with the form on the public page',
		access: 'open',
		status: 201,
		body: objectionSchema,
		answer: z.object({ receipt: z.string(), link: z.string(), due: moment }),
		run: async ({ actor, params, body, event }) => {
			const { receipt, secret, due } = await fileObjection(actor, params.id ?? '', body, { address: clientAddress(event) });
			return { receipt, link: `${event.url.origin}/objections/${receipt}/${secret}`, due };
		}
	}),
	list: operation({
		method: 'GET',
		path: '/competitions/{id}/objections',
		summary: 'The objections to a competition’s notices, for its organizers',
		answer: listSchema(z.looseObject({ id: z.string(), receipt: z.string(), n: z.number(), about, status: z.enum(objectionStatuses), due: moment, tally: tallyShape })),
		run: async ({ actor, params }) => ({ items: await listObjections(actor, params.id ?? ''), next: null })
	}),
	read: operation({
		method: 'GET',
		path: '/objections/{id}',
		summary: 'An objection, for organizers, its committee and the organization concerned, each what is theirs to see',
		answer: objectionShape,
		run: async ({ actor, params }) => answerOf(await readObjection(actor, params.id ?? ''))
	}),
	convene: operation({
		method: 'POST',
		path: '/objections/{id}/committee',
		summary: 'Name the review committee: an odd number, at least three, of the candidates',
		body: committeeSchema,
		run: ({ actor, params, body }) => conveneCommittee(actor, params.id ?? '', body)
	}),
	statement: operation({
		method: 'POST',
		path: '/objections/{id}/statements',
		summary: 'Write down what a side says',
		body: statementSchema,
		run: ({ actor, params, body }) => recordStatement(actor, params.id ?? '', body)
	}),
	vote: operation({
		method: 'POST',
		path: '/objections/{id}/votes',
		summary: 'A committee member’s vote, by name',
		body: voteSchema,
		run: ({ actor, params, body }) => voteOnObjection(actor, params.id ?? '', body)
	}),
	answer: operation({
		method: 'POST',
		path: '/objections/{id}/answer',
		summary: 'The written answer, once more than half of the committee agree',
		body: answerSchema,
		run: ({ actor, params, body }) => answerObjection(actor, params.id ?? '', body)
	}),
	correct: operation({
		method: 'POST',
		path: '/objections/{id}/correction',
		summary: 'Say what will be put right after an objection was upheld; the competition goes back to deliberation',
		body: correctionSchema,
		run: ({ actor, params, body }) => correctAfterObjection(actor, params.id ?? '', body.text)
	}),
	note: operation({
		method: 'POST',
		path: '/competitions/{id}/notes',
		summary: 'Say something about a proposal in deliberation, by name; notes stay',
		body: noteSchema,
		run: ({ actor, params, body }) => addNote(actor, params.id ?? '', body)
	})
};
