import { z } from 'zod';
import { adoptionSchema, documentKindSchema, putToVoteSchema, saveDraftSchema, startDraftSchema } from '#lib/domain/organizations/charters.ts';
import { entrySchema } from '#lib/domain/organizations/projects.ts';
import { documentKinds, entryKinds } from '#lib/domain/organizations/tool-terms.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import {
	adoptVersion,
	charterView,
	editEntry,
	listCharters,
	listEntries,
	putToVote,
	recordEntry,
	saveDraft,
	setEntryRemoved,
	startDraft
} from '#lib/server/modules/organizations/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { operation } from '../api.ts';
import { createdSchema, listSchema } from './shapes.ts';

const moment = z.iso.datetime();
const chapters = z.array(z.object({ key: z.string(), heading: z.string(), articles: z.array(z.object({ key: z.string(), text: z.string() })) }));
const vote = z.object({ meeting: z.string(), title: z.string(), heldOn: z.string(), eligible: z.number(), present: z.number(), votes: z.number(), quorum: z.number(), needed: z.number(), quorate: z.boolean(), carried: z.boolean() });
const charterShape = z.object({
	kind: z.enum(documentKinds),
	draft: z.object({ title: z.string(), chapters, by: z.string(), at: moment.nullable(), blanks: z.array(z.string()) }).nullable(),
	versions: z.array(
		z.object({
			number: z.number(),
			title: z.string(),
			chapters,
			note: z.string(),
			at: moment,
			by: z.string(),
			state: z.enum(['proposed', 'not_carried', 'coming', 'in_force', 'superseded']),
			inForceOn: z.string(),
			vote: vote.nullable()
		})
	),
	inForce: z.number().nullable(),
	votes: z.array(vote),
	version: z.number()
});
const entryShape = z.object({ id: z.string(), kind: z.enum(entryKinds), day: z.string(), content: entrySchema, enteredBy: z.string(), version: z.number() });

type Params = Record<string, string>;
const id = ({ id: found = '' }: Params): string => found;
const kind = (params: Params): (typeof documentKinds)[number] => {
	const found = documentKindSchema.safeParse(params.kind);
	if (!found.success) throw notFound();
	return found.data;
};

/** Calls about a group's charter and rules, and about its ideas, projects, accounts and resources. */
export const groupToolOperations = {
	charters: operation({
		method: 'GET',
		path: '/organizations/{id}/charters',
		summary: 'The charter and the three rules, with every version and how each stands',
		answer: listSchema(charterShape),
		run: async ({ actor, params }) => ({ items: await listCharters(actor, id(params)), next: null })
	}),
	charter: operation({
		method: 'GET',
		path: '/organizations/{id}/charters/{kind}',
		summary: 'The charter, or one of the rules finance, activities and leave',
		answer: charterShape,
		run: ({ actor, params }) => charterView(actor, id(params), kind(params))
	}),
	startDraft: operation({
		method: 'POST',
		path: '/organizations/{id}/charters/{kind}/draft',
		summary: 'Begin a draft from the template or the last version; one that is there comes back as it is',
		status: 201,
		idempotent: true,
		body: startDraftSchema,
		answer: charterShape,
		run: ({ actor, params, body }) => startDraft(actor, id(params), kind(params), body)
	}),
	saveDraft: operation({
		method: 'PUT',
		path: '/organizations/{id}/charters/{kind}/draft',
		summary: 'Keep the draft; other people’s changes of other articles are joined, the same article is a conflict with both texts',
		body: saveDraftSchema,
		answer: charterShape.extend({ merged: z.boolean() }),
		run: ({ actor, params, body }) => saveDraft(actor, id(params), kind(params), body)
	}),
	putToVote: operation({
		method: 'POST',
		path: '/organizations/{id}/charters/{kind}/versions',
		summary: 'Put the draft to the vote as a version that no longer changes',
		status: 201,
		idempotent: true,
		body: putToVoteSchema,
		answer: charterShape,
		run: ({ actor, params, body }) => putToVote(actor, id(params), kind(params), body)
	}),
	adoptVersion: operation({
		method: 'POST',
		path: '/organizations/{id}/charters/{kind}/versions/{number}/adoption',
		summary: 'Link the meeting that adopted a version; a vote that did not carry is refused with the figures',
		body: adoptionSchema,
		answer: charterShape,
		run: ({ actor, params, body }) => adoptVersion(actor, id(params), kind(params), Number(params.number), body)
	}),
	entries: operation({
		method: 'GET',
		path: '/organizations/{id}/entries',
		summary: 'Ideas, projects of the group’s own, published accounts and outside resources; money in fen',
		query: z.object({ kind: z.enum(entryKinds).optional() }),
		answer: listSchema(entryShape),
		run: async ({ actor, params, query }) => ({ items: await listEntries(actor, id(params), query.kind), next: null })
	}),
	recordEntry: operation({
		method: 'POST',
		path: '/organizations/{id}/entries',
		summary: 'Keep an idea, a project, published accounts or an outside resource',
		status: 201,
		idempotent: true,
		body: entrySchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => recordEntry(actor, id(params), body)
	}),
	editEntry: operation({
		method: 'PUT',
		path: '/organizations/{id}/entries/{entry}',
		summary: 'Correct an entry',
		body: entrySchema.and(z.object({ version: versionSchema })),
		run: ({ actor, params, body: { version, ...entry } }) => editEntry(actor, id(params), params.entry ?? '', entry, version)
	}),
	removeEntry: operation({
		method: 'DELETE',
		path: '/organizations/{id}/entries/{entry}',
		summary: 'Take an entry back; it can be restored on its page',
		run: ({ actor, params }) => setEntryRemoved(actor, id(params), params.entry ?? '', true)
	})
};
