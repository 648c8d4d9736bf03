import type { ProposalDraft } from '#lib/domain/proposals/types.ts';
import type { ProposalContent, ProposalDocument } from './model.ts';

/** What a group wrote, apart from what surrounds it. */
export const draftOf = (proposal: ProposalContent): ProposalDraft => ({
	title: proposal.title,
	track: proposal.track,
	answers: proposal.answers,
	budget: proposal.budget,
	requested: proposal.requested,
	selfRaised: proposal.selfRaised,
	withinCharter: proposal.withinCharter
});

export const contentOf = (proposal: ProposalContent): ProposalContent => ({
	...draftOf(proposal),
	attachments: proposal.attachments
});

/** Files hang on their proposal; nobody else's page opens them. */
export const fileOwner = (id: string): string => `proposal:${id}`;

/** Whether the group may write in it now: before submission and after being returned for correction. */
export const isEditable = ({ status }: Pick<ProposalDocument, 'status'>): boolean => status === 'draft' || status === 'returned';
