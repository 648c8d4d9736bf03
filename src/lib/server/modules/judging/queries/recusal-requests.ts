import type { Actor } from '#lib/domain/accounts/types.ts';
import { comparableName } from '#lib/domain/judging/names.ts';
import { forbidden } from '#lib/server/platform/errors.ts';
import { readProposal } from '../../proposals/index.ts';
import { competitionFor } from '../access.ts';
import { Judge } from '../model.ts';
import { RecusalRequest, type RecusalRequestDocument } from '../panel-model.ts';

/** A request as its group sees it: what it asked and what it was answered, nothing of who judges. */
export type OwnRequest = Pick<RecusalRequestDocument, 'person' | 'reason' | 'status' | 'answer' | 'at' | 'answeredAt'> & { id: string };

export type OwnRequests = { title: string; number: string; requests: OwnRequest[]; mayAsk: boolean };

/** The requests of a proposal, for those who may submit it. */
export const ownRecusalRequests = async (actor: Actor, proposalId: string): Promise<OwnRequests> => {
	const { proposal, competition, rights } = await readProposal(actor, proposalId);
	if (!rights.submit) throw forbidden();
	const found = await RecusalRequest.find({ proposal: proposalId }).limit(50).lean();
	return {
		title: proposal.title,
		number: proposal.number ?? '',
		requests: found
			.sort((a, b) => a.at.getTime() - b.at.getTime())
			.map(({ _id, person, reason, status, answer, at, answeredAt }) => ({ id: _id.toHexString(), person, reason, status, answer, at, answeredAt })),
		mayAsk: ['submitted', 'passed'].includes(proposal.status) && ['open', 'screening', 'judging'].includes(competition.state)
	};
};

/** A request as the organizer sees it: with the judges of that name. */
export type RequestRow = OwnRequest & Pick<RecusalRequestDocument, 'proposal' | 'number' | 'title' | 'organizationName' | 'byName' | 'answeredByName'> & { judges: string[] };

/** All requests of a competition, those to be answered first. */
export const listRecusalRequests = async (actor: Actor, competitionId: string): Promise<RequestRow[]> => {
	await competitionFor(actor, competitionId, 'competition.manage');
	const [found, judges] = await Promise.all([
		RecusalRequest.find({ competition: competitionId }).sort({ competition: 1, status: -1, at: 1 }).limit(500).lean(),
		Judge.find({ competition: competitionId, status: { $ne: 'removed' } }, { name: 1 }).lean()
	]);
	return found
		.map(({ _id, name, ...row }) => ({
			...row,
			id: _id.toHexString(),
			judges: judges.filter((judge) => comparableName(judge.name) === name).map((judge) => judge.name)
		}))
		.sort((a, b) => Number(a.status !== 'open') - Number(b.status !== 'open') || b.at.getTime() - a.at.getTime());
};

/** How many are waiting for an answer. */
export const openRecusalRequests = (competition: string): Promise<number> => RecusalRequest.countDocuments({ competition, status: 'open' });
