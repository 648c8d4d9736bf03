import { z } from 'zod';
import { newProposalSchema, proposalPatchSchema, proposalStatuses, proposalStepSchema, screeningSchema, submitSchema, budgetLineSchema } from '#lib/domain/proposals/schema.ts';
import type { Finding } from '#lib/domain/proposals/findings.ts';
import {
	attachFile,
	checkProposal,
	createProposal,
	fillable,
	fillDraft,
	listProposals,
	openAttachment,
	proposalListSchema,
	readProposal,
	releaseScreening,
	removeAttachment,
	reopenProposal,
	saveDraft,
	screeningQueue,
	screeningQueueSchema,
	screenProposal,
	submissionHistory,
	submitProposal,
	withdrawProposal
} from '#lib/server/modules/proposals/index.ts';
import { operation } from '../api.ts';
import { wordsFor } from '../messages.ts';
import { fileResponse } from '../stored-file.ts';
import { fileOf, multipart } from '../upload.ts';
import { listSchema } from './shapes.ts';

const moment = z.iso.datetime();

const proposalRow = z.object({
	id: z.string(),
	number: z.string().nullable(),
	status: z.enum(proposalStatuses),
	title: z.string(),
	track: z.string(),
	organization: z.string(),
	organizationName: z.string(),
	requested: z.number(),
	submittedAt: moment.nullable(),
	updatedAt: moment,
	version: z.number()
});

const fileShape = z.object({ id: z.string(), name: z.string(), type: z.string(), bytes: z.number(), digest: z.string() });

const proposalShape = proposalRow.extend({
	competition: z.string(),
	answers: z.record(z.string(), z.string()),
	budget: z.array(budgetLineSchema),
	selfRaised: z.number(),
	withinCharter: z.boolean(),
	attachments: z.array(fileShape),
	submissions: z.number(),
	correctBy: moment.nullable()
});

const findingShape = z.object({ path: z.string(), code: z.string(), severity: z.enum(['block', 'warn']), message: z.string() });
const receiptShape = z.object({ id: z.string(), number: z.string(), status: z.literal('submitted'), submittedAt: moment, submission: z.number(), digest: z.string(), version: z.number() });

const spoken = (findings: readonly Finding[]) =>
	findings.map(({ path, code, severity, params }) => ({ path, code, severity, message: wordsFor(code, params) }));

/** Autosave of the form: the same command as PATCH, with a short answer. Not part of the documented API. */
export const draftOperation = operation({
	method: 'PATCH',
	path: '/proposals/{id}/draft',
	summary: 'Autosave',
	body: proposalPatchSchema,
	run: async ({ actor, params, body }) => {
		const { check, version, savedAt, others } = await saveDraft(actor, params.id ?? '', body);
		return { version, savedAt, others, total: check.total, findings: spoken(check.findings) };
	}
});

export const proposalOperations = {
	list: operation({
		method: 'GET',
		path: '/competitions/{id}/proposals',
		summary: 'Submitted proposals of a competition, for its organizer; filter by status, track, search, sort',
		query: proposalListSchema,
		answer: listSchema(proposalRow),
		run: ({ actor, params, query }) => listProposals(actor, params.id ?? '', query)
	}),
	create: operation({
		method: 'POST',
		path: '/competitions/{id}/proposals',
		summary: 'Start a group’s proposal as a draft; nothing but the organization is required',
		status: 201,
		idempotent: true,
		body: newProposalSchema,
		answer: proposalShape,
		run: ({ actor, params, body }) => createProposal(actor, params.id ?? '', body)
	}),
	read: operation({
		method: 'GET',
		path: '/proposals/{id}',
		summary: 'One proposal',
		answer: proposalShape,
		run: async ({ actor, params }) => (await readProposal(actor, params.id ?? '')).proposal
	}),
	edit: operation({
		method: 'PATCH',
		path: '/proposals/{id}',
		summary: 'Save what was typed; a stale version is merged field by field, or answered 409 with both texts',
		body: proposalPatchSchema,
		answer: proposalShape.extend({ findings: z.array(findingShape) }),
		run: async ({ actor, params, body }) => {
			const { check, others } = await saveDraft(actor, params.id ?? '', body);
			return { ...(await readProposal(actor, params.id ?? '')).proposal, others, findings: spoken(check.findings) };
		}
	}),
	check: operation({
		method: 'GET',
		path: '/proposals/{id}/check',
		summary: 'Whether it could be submitted as it stands: missing answers, budget, eligibility',
		answer: z.object({ ready: z.boolean(), total: z.number(), findings: z.array(findingShape) }),
		run: async ({ actor, params }) => {
			const { ready, total, findings } = await checkProposal(actor, params.id ?? '');
			return { ready, total, findings: spoken(findings) };
		}
	}),
	submit: operation({
		method: 'POST',
		path: '/proposals/{id}/submit',
		summary: 'Submit by the server’s clock; answers the receipt, the same one however often it is called',
		body: submitSchema,
		answer: receiptShape,
		run: ({ actor, params, body }) => submitProposal(actor, params.id ?? '', body)
	}),
	withdraw: operation({
		method: 'POST',
		path: '/proposals/{id}/withdraw',
		summary: 'Take it out of the competition; it can be reopened while the call is open',
		body: proposalStepSchema,
		answer: proposalShape,
		run: ({ actor, params, body }) => withdrawProposal(actor, params.id ?? '', body)
	}),
	reopen: operation({
		method: 'POST',
		path: '/proposals/{id}/reopen',
		summary: 'Take a withdrawn proposal up again as a draft',
		body: z.object({}),
		answer: proposalShape,
		run: ({ actor, params }) => reopenProposal(actor, params.id ?? '')
	}),
	screen: operation({
		method: 'POST',
		path: '/proposals/{id}/screening',
		summary: 'Pass it, return it for correction with a deadline, or reject it with a reason',
		body: screeningSchema,
		answer: proposalShape,
		run: ({ actor, params, body }) => screenProposal(actor, params.id ?? '', body)
	}),
	screeningQueue: operation({
		method: 'GET',
		path: '/competitions/{id}/screening',
		summary: 'What waits for screening, in the order of numbers: all, mine, waiting for a second person, or in disagreement',
		query: screeningQueueSchema,
		answer: listSchema(proposalRow.extend({ stand: z.enum(['first', 'second', 'disagree']), own: z.boolean() })),
		run: ({ actor, params, query }) => screeningQueue(actor, params.id ?? '', query)
	}),
	releaseScreening: operation({
		method: 'POST',
		path: '/competitions/{id}/screening/release',
		summary: 'Tell all applicants at once who passed; only when everything is screened, and asking again changes nothing',
		run: ({ actor, params }) => releaseScreening(actor, params.id ?? '')
	}),
	fillable: operation({
		method: 'GET',
		path: '/proposals/{id}/fill',
		summary: 'Which empty answers of a draft the group’s record and surveys could begin',
		answer: z.object({ answers: z.array(z.string()) }),
		run: async ({ actor, params }) => ({ answers: await fillable(actor, params.id ?? '') })
	}),
	fill: operation({
		method: 'POST',
		path: '/proposals/{id}/fill',
		summary: 'Begin empty answers of a draft from the group’s record and surveys; what was written stays',
		answer: proposalShape.extend({ filled: z.number() }),
		run: async ({ actor, params }) => {
			const filled = await fillDraft(actor, params.id ?? '');
			return { ...(await readProposal(actor, params.id ?? '')).proposal, filled };
		}
	}),
	submissions: operation({
		method: 'GET',
		path: '/proposals/{id}/submissions',
		summary: 'Its submissions with their digests, and what each changed',
		answer: z.object({ items: z.array(z.object({ n: z.number(), at: moment, digest: z.string() })) }),
		run: async ({ actor, params }) => ({ items: await submissionHistory(actor, params.id ?? '') })
	}),
	attach: operation({
		method: 'POST',
		path: '/proposals/{id}/attachments',
		summary: 'Add a file (multipart/form-data, field `file`): pdf, docx, xlsx, jpg or png, at most ten',
		status: 201,
		answer: fileShape,
		run: async ({ actor, params, event }) => attachFile(actor, params.id ?? '', await fileOf(await multipart(event.request), 'file'))
	}),
	attachment: operation({
		method: 'GET',
		path: '/proposals/{id}/attachments/{file}',
		summary: 'Download a file',
		run: async ({ actor, params }) => fileResponse(await openAttachment(actor, params.id ?? '', params.file ?? ''))
	}),
	detach: operation({
		method: 'DELETE',
		path: '/proposals/{id}/attachments/{file}',
		summary: 'Remove a file from a draft',
		run: ({ actor, params }) => removeAttachment(actor, params.id ?? '', params.file ?? '')
	})
};
