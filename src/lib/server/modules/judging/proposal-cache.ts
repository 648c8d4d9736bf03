import { proposalForJudging, type ProposalToJudge } from '../proposals/index.ts';

// What judges read is the frozen submission: a judge turning pages, and several judges of one proposal, share a read.
const freshMs = 15_000;
const most = 300;
const cache = new Map<string, { at: number; proposal: Promise<ProposalToJudge> }>();

/** The proposal as submitted, for its judges; at most fifteen seconds old. */
export const proposalToJudge = (id: string): Promise<ProposalToJudge> => {
	const known = cache.get(id);
	if (known && Date.now() - known.at < freshMs) return known.proposal;
	if (cache.size >= most) cache.delete(cache.keys().next().value ?? '');
	const proposal = proposalForJudging(id);
	cache.delete(id);
	cache.set(id, { at: Date.now(), proposal });
	proposal.catch(() => cache.delete(id));
	return proposal;
};
