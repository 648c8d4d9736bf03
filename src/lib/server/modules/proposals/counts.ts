import { proposalStatuses } from '#lib/domain/proposals/schema.ts';
import type { ProposalStatus } from '#lib/domain/proposals/types.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { Proposal } from './model.ts';

/** How many proposals of a competition stand in each status. */
export type ProposalCounts = Record<ProposalStatus, number> & { received: number };

const counts = createMemory<ProposalCounts>({ name: 'proposal-counts', freshMs: 2000, staleMs: 4000 });

/**
 * Counts by status, for other modules: at once what this process changed, at most four seconds late what another did.
 * `received` is what was ever submitted and not withdrawn.
 */
export const proposalCounts = (competition: string): Promise<ProposalCounts> => counts.read(competition, () => freshCounts(competition));

/** After a proposal came into another status. */
export const forgetCounts = (competition: string): void => counts.forget(competition);

/** The same, past what is remembered: what a step of the competition is decided on. */
export const freshCounts = async (competition: string): Promise<ProposalCounts> => {
	const found = await Promise.all(proposalStatuses.map((status) => Proposal.countDocuments({ competition, status })));
	const byStatus = Object.fromEntries(proposalStatuses.map((status, index) => [status, found[index] ?? 0])) as Record<ProposalStatus, number>;
	return { ...byStatus, received: byStatus.submitted + byStatus.returned + byStatus.passed + byStatus.rejected };
};
