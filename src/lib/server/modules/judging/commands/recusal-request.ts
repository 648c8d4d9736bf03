import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { comparableName } from '#lib/domain/judging/names.ts';
import type { recusalAnswerSchema, recusalRequestSchema } from '#lib/domain/judging/schema.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { competitionById, type CompetitionView } from '../../competitions/index.ts';
import { readProposal } from '../../proposals/index.ts';
import { beforeRoundCloses, chainOf, competitionFor } from '../access.ts';
import { Judge } from '../model.ts';
import { RecusalRequest, type RecusalRequestDocument } from '../panel-model.ts';
import { dealAgain } from './deal-again.ts';
import { noteConflict } from './declare-conflict.ts';
import { conflictFound, releasePair } from './release-pair.ts';

/** Persons a group may name for one proposal. */
const most = 5;

/**
 * A group asks that a person not judge its proposal. The same answer whoever is named: nothing tells whether the person
 * is a judge, neither now nor when it is answered.
 */
export const askForRecusal = async (actor: Actor, proposalId: string, input: z.infer<typeof recusalRequestSchema>): Promise<{ id: string }> => {
	const { proposal, competition, rights } = await readProposal(actor, proposalId);
	if (!rights.submit) throw forbidden();
	if (!['submitted', 'passed'].includes(proposal.status) || !['open', 'screening', 'judging'].includes(competition.state)) throw conflict('recusal_too_late');
	const name = comparableName(input.person);
	if (name === '') throw invalidField('person', 'required');
	if ((await RecusalRequest.countDocuments({ proposal: proposalId })) >= most) throw conflict('recusal_enough', { n: most });
	const _id = newId();
	try {
		await RecusalRequest.create({
			_id,
			...{ competition: competition.id, proposal: proposalId, number: proposal.number ?? '', title: proposal.title, organizationName: proposal.organizationName },
			...{ person: input.person, name, reason: input.reason, status: 'open', at: now(), byName: actor.kind === 'user' ? actor.name : '' }
		});
	} catch (error) {
		if (isDuplicateKey(error)) throw invalidField('person', 'recusal_asked_already');
		throw error;
	}
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'recusal_requested',
		subject: _id.toHexString(),
		detail: { proposal: proposalId, person: input.person, reason: input.reason }
	});
	return { id: _id.toHexString() };
};

/** What an accepted request changed: whom it concerned, and how many reviews are still missing after dealing again. */
export type AnsweredRequest = { judges: number; missing: number };

/**
 * The organizer answers. Accepted: whoever of the panel has that name is kept from the proposal, now and if they are
 * taken on later; their scorecard goes back or is recused, and another judge gets one by the same draw as any.
 */
export const answerRecusal = async (actor: Actor, competitionId: string, input: z.infer<typeof recusalAnswerSchema>): Promise<AnsweredRequest> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	beforeRoundCloses(competition);
	const change = { status: input.outcome, answer: input.answer, answeredAt: now(), answeredByName: actor.kind === 'user' ? actor.name : '' };
	const request = await RecusalRequest.findOneAndUpdate(
		{ _id: toId(input.request), competition: competitionId, status: 'open' },
		{ $set: change },
		{ returnDocument: 'after' }
	).lean();
	if (!request) {
		const found = await RecusalRequest.findById(toId(input.request), { competition: 1 }).lean();
		throw found?.competition === competitionId ? conflict('recusal_answered') : notFound();
	}
	const { judges, rounds } = input.outcome === 'accepted' ? await keepApart(actor, competition, request) : { judges: [], rounds: [] };
	await recordAct({
		chain: chainOf(competitionId),
		actor,
		action: `recusal_request_${input.outcome}`,
		subject: input.request,
		detail: { proposal: request.proposal, judges, answer: input.answer }
	});
	return { judges: judges.length, missing: await dealAgain(actor, competition, request.proposal, rounds) };
};

const keepApart = async (actor: Actor, competition: CompetitionView, request: RecusalRequestDocument): Promise<{ judges: string[]; rounds: string[] }> => {
	const judges = await Judge.find({ competition: competition.id, status: { $ne: 'removed' } }, { name: 1 }).lean();
	const named = judges.filter(({ name }) => comparableName(name) === request.name).map(({ _id }) => _id.toHexString());
	const rounds = new Set<string>();
	for (const judge of named) {
		await noteConflict(judge, request.proposal, request.reason, actor);
		// What the group wrote is not for the judge to read on the scorecard.
		for (const round of await releasePair(actor, { competition: competition.id, judge, proposal: request.proposal }, conflictFound)) rounds.add(round);
	}
	return { judges: named, rounds: [...rounds] };
};

/** A judge taken on later must not get what a group was promised to be spared. */
export const heedAccepted = async (actor: Actor, judge: string): Promise<void> => {
	const found = await Judge.findById(toId(judge), { name: 1, competition: 1 }).lean();
	if (!found) return;
	const competition = await competitionById(found.competition);
	const promised = await RecusalRequest.find({ competition: competition.id, status: 'accepted' }, { name: 1, proposal: 1, reason: 1 }).limit(5000).lean();
	for (const { name, proposal, reason } of promised) if (name === comparableName(found.name)) await noteConflict(judge, proposal, reason, actor);
};
