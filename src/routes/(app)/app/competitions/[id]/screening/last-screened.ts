import type { Actor } from '#lib/domain/accounts/types.ts';
import { readProposal } from '#lib/server/modules/proposals/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';

/** What this person has just screened (`?last=` of the address), to go back to it; null where that is nothing of theirs. */
export const lastScreened = async (actor: Actor, competition: string, url: URL) => {
	const id = url.searchParams.get('last');
	if (!id || actor.kind !== 'user') return null;
	try {
		const { proposal, rights } = await readProposal(actor, id);
		const own = proposal.screening.findLast(({ by, submission }) => by === actor.id && submission === proposal.submissions);
		if (!own || !rights.organizer || proposal.competition !== competition) return null;
		return { id, number: proposal.number ?? '', title: proposal.title, outcome: own.outcome };
	} catch (error) {
		if (error instanceof AppError) return null;
		throw error;
	}
};
