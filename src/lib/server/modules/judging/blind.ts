import { isBlind, withoutName } from '#lib/domain/judging/blind.ts';
import type { Round } from '#lib/domain/competitions/types.ts';
import type { CompetitionView } from '../competitions/index.ts';
import type { JudgedProposal } from '../proposals/index.ts';

/** What stands in a text where the group named itself. */
export const blot = '■■';

const roundOf = (competition: Pick<CompetitionView, 'rounds'>, key: string): Round | undefined => competition.rounds.find((round) => round.key === key);

/** Whether the judges of a round must not learn whose proposals they have. */
export const isBlindRound = (competition: Pick<CompetitionView, 'rounds'>, key: string): boolean => {
	const round = roundOf(competition, key);
	return round !== undefined && isBlind(round);
};

/**
 * A proposal as a judge of a blind round reads it: without the group, its name blotted out wherever it was written, and
 * without attachments, whose names, pictures and properties would tell.
 */
export const blinded = (proposal: JudgedProposal): JudgedProposal => {
	const clean = (text: string): string => withoutName(text, proposal.organizationName, blot);
	return {
		...proposal,
		organization: '',
		organizationName: '',
		title: clean(proposal.title),
		answers: Object.fromEntries(Object.entries(proposal.answers).map(([key, text]) => [key, clean(text)])),
		budget: proposal.budget.map((line) => ({ ...line, item: clean(line.item), unit: clean(line.unit) })),
		attachments: []
	};
};

/** The lines of a list in which a judge finds their scorecards. */
export const blindedLine = <Line extends { proposalTitle: string; organizationName: string }>(line: Line): Line => ({
	...line,
	proposalTitle: withoutName(line.proposalTitle, line.organizationName, blot),
	organizationName: ''
});
