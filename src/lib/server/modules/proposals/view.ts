import type { Actor } from '#lib/domain/accounts/types.ts';
import type { AnswerOrigins } from '#lib/domain/proposals/origins.ts';
import type { Finding } from '#lib/domain/proposals/findings.ts';
import { screeningReleased, statusForApplicant } from '#lib/domain/proposals/screening.ts';
import type { BudgetLine, ProposalStatus } from '#lib/domain/proposals/types.ts';
import type { StoredFile } from '#lib/server/platform/files.ts';
import type { CompetitionView } from '../competitions/index.ts';
import type { Sides } from './access.ts';
import type { ProposalDocument, ProposalOutcome, ScreeningRecord, StoredConsent } from './model.ts';

/** A proposal as its group or its organizer sees it. Money in fen. */
export type ProposalView = {
	id: string;
	competition: string;
	organization: string;
	organizationName: string;
	station: string;
	number: string | null;
	status: ProposalStatus;
	title: string;
	track: string;
	answers: Record<string, string>;
	budget: BudgetLine[];
	requested: number;
	selfRaised: number;
	withinCharter: boolean;
	attachments: StoredFile[];
	submissions: number;
	submittedAt: Date | null;
	screening: ScreeningRecord[];
	/** Until when a returned proposal may be sent in again. */
	correctBy: Date | null;
	outcome: ProposalOutcome | null;
	/** Where the first words of answers came from, by the question's key; for the group itself. */
	origins: AnswerOrigins;
	createdAt: Date;
	createdByName: string;
	proxy: boolean;
	/** The group's consent to the proxy entry; null where none was recorded. */
	consent: StoredConsent | null;
	updatedAt: Date;
	version: number;
};

/**
 * What this actor may read of a proposal's screening: a group when it is released or asks for a correction, a second or
 * third screener the others' opinions only after their own.
 */
export const visibleScreening = (
	{ screening, submissions }: Pick<ProposalDocument, 'screening' | 'submissions'>,
	competition: CompetitionView,
	sides: Pick<Sides, 'organizer' | 'unspoken'>
): ScreeningRecord[] => {
	const released = sides.organizer || screeningReleased(competition);
	const own = released ? screening : screening.filter(({ outcome }) => outcome === 'return');
	return sides.unspoken ? own.filter(({ submission }) => submission < submissions) : own;
};

/** How a proposal looks to this actor. */
export const toView = (proposal: ProposalDocument, competition: CompetitionView, sides: Sides): ProposalView => {
	const screening = visibleScreening(proposal, competition, sides);
	const last = proposal.screening.at(-1);
	return {
		id: proposal._id.toHexString(),
		competition: proposal.competition,
		organization: proposal.organization,
		organizationName: proposal.organizationName,
		station: proposal.station,
		number: proposal.number ?? null,
		status: sides.organizer ? proposal.status : statusForApplicant(proposal.status, competition),
		title: proposal.title,
		track: proposal.track,
		answers: proposal.answers,
		budget: proposal.budget,
		requested: proposal.requested,
		selfRaised: proposal.selfRaised,
		withinCharter: proposal.withinCharter,
		attachments: proposal.attachments,
		submissions: proposal.submissions,
		submittedAt: proposal.submittedAt,
		screening: sides.organizer ? screening : screening.map((record) => ({ ...record, by: '', byName: '' })),
		correctBy: proposal.status === 'returned' ? (last?.correctBy ?? null) : null,
		outcome: proposal.outcome ?? null,
		origins: sides.applicant ? (proposal.origins ?? {}) : {},
		createdAt: proposal.createdAt,
		createdByName: proposal.createdByName,
		proxy: proposal.proxy,
		consent: proposal.consent ?? null,
		updatedAt: proposal.updatedAt,
		version: proposal.version
	};
};

/** The state of a proposal's content against the rules of its call. */
export type ProposalCheck = {
	findings: Finding[];
	/** Sum of the budget, fen. */
	total: number;
	ready: boolean;
};

export const isOwnPerson = (actor: Actor, id: string): boolean => actor.kind === 'user' && actor.id === id;
