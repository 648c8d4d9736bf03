import type { Actor } from '#lib/domain/accounts/types.ts';
import { can } from '#lib/domain/accounts/policy.ts';
import type { EligibilityResult } from '#lib/domain/competitions/eligibility.ts';
import { canonicalEqual } from '#lib/domain/shared/equal.ts';
import { diffContent, type FieldDiff } from '#lib/domain/proposals/diff.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { resourceOf as competitionResource } from '../../competitions/index.ts';
import { applicantFacts } from '../applicants.ts';
import { loadVisible, resourceOf, type Sides } from '../access.ts';
import { checkAll } from '../checks.ts';
import { sealsOf } from '../commands/save-draft.ts';
import { isTooLate } from '../commands/submit-proposal.ts';
import { draftOf, isEditable } from '../content.ts';
import { Submission } from '../model.ts';
import { toldTo, type Told } from '../told.ts';
import { toView, type ProposalCheck, type ProposalView } from '../view.ts';

/** What the actor may do with a proposal, for showing only buttons that work. `own`: it is their group's, or they work with the group. */
export type ProposalRights = Sides & { own: boolean; edit: boolean; submit: boolean; screen: boolean };

/** `tooLate`: it is still being written, and can no longer be sent in. */
export type ReadProposal = { proposal: ProposalView; competition: CompetitionView; rights: ProposalRights; seals: Record<string, string>; told: Told; tooLate: boolean };

/** One proposal with its call, for its group or its organizer; 404 for everybody else. */
export const readProposal = async (actor: Actor, id: string): Promise<ReadProposal> => {
	const { proposal, competition, sides } = await loadVisible(actor, id);
	const own = can(actor, 'proposal.readOwn', resourceOf(proposal));
	return {
		proposal: toView(proposal, competition, sides),
		competition,
		rights: {
			...sides,
			own,
			edit: isEditable(proposal) && can(actor, 'proposal.edit', resourceOf(proposal)),
			submit: can(actor, 'proposal.submit', resourceOf(proposal)),
			screen: sides.organizer && can(actor, 'competition.manage', competitionResource(competition))
		},
		seals: sealsOf(proposal),
		tooLate: isTooLate(proposal, competition),
		told: own ? toldTo(actor, proposal, competition) : { amendments: [], screened: null, result: null }
	};
};

/** Whether a proposal could be submitted as it stands: what is missing, budget, eligibility with every rule's reason. */
export const checkProposal = async (actor: Actor, id: string): Promise<ProposalCheck & { eligibility: EligibilityResult[] }> => {
	const { proposal, competition } = await loadVisible(actor, id);
	return checkAll(competition, draftOf(proposal), await applicantFacts(proposal.organization), id);
};

/** A submission in the list of them. */
export type SubmissionRow = { n: number; at: Date; byName: string; digest: string };

/** The submissions of a proposal, oldest first, and what each changed against the one before. */
export const submissionHistory = async (actor: Actor, id: string): Promise<(SubmissionRow & { changes: FieldDiff[] })[]> => {
	const { sides } = await loadVisible(actor, id);
	if (!sides.applicant && !sides.organizer) throw forbidden();
	const frozen = await Submission.find({ proposal: id }).sort({ proposal: 1, n: 1 }).limit(50).lean();
	return frozen.map(({ n, at, byName, digest, content }, index) => {
		const before = frozen[index - 1];
		return { n, at, byName, digest, changes: before ? diffContent(draftOf(before.content), draftOf(content)) : [] };
	});
};

/** A point screening asked to correct, and whether anything was changed there since. */
export type CorrectionPoint = { field: string; text: string; changed: boolean };

/** What is to be corrected in a proposal that was returned, for its group; empty for any other. */
export const correctionPoints = async (actor: Actor, id: string): Promise<CorrectionPoint[]> => {
	const { proposal, sides } = await loadVisible(actor, id);
	const points = proposal.status === 'returned' && sides.applicant ? (proposal.screening.at(-1)?.points ?? []) : [];
	if (points.length === 0) return [];
	const frozen = await Submission.findOne({ proposal: id, n: proposal.submissions }, { content: 1 }).lean();
	const changed = new Set(frozen ? diffContent(draftOf(frozen.content), draftOf(proposal)).map(({ field }) => field) : []);
	if (frozen && !canonicalEqual(frozen.content.attachments.map((file) => file.id), proposal.attachments.map((file) => file.id))) changed.add('attachments');
	return points.map(({ field, text }) => ({ field, text, changed: changed.has(field) }));
};

/** One submission exactly as it was sent in. */
export const readSubmission = async (actor: Actor, id: string, n: number): Promise<SubmissionRow & { content: ReturnType<typeof draftOf> }> => {
	await loadVisible(actor, id);
	const frozen = await Submission.findOne({ proposal: id, n }).lean();
	if (!frozen) throw notFound();
	return { n, at: frozen.at, byName: frozen.byName, digest: frozen.digest, content: draftOf(frozen.content) };
};
