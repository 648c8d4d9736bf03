import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { ProposalSubmit } from '#lib/domain/proposals/types.ts';
import { clockText } from '#lib/domain/shared/moments.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, invalid, invalidField, notFound, stale, type AppError } from '#lib/server/platform/errors.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { recordAct } from '../../audit/index.ts';
import { applicantFacts } from '../applicants.ts';
import { idOf, loadOwn, nameOf } from '../access.ts';
import { forgetCounts } from '../counts.ts';
import { checkAll } from '../checks.ts';
import { consentDetail, consentOf, writesFor } from '../consent.ts';
import { draftOf, isEditable } from '../content.ts';
import { Proposal, Submission, type ProposalDocument } from '../model.ts';
import { seenKey, toldTo } from '../told.ts';
import { settledBy, settleSubmission } from '../settle.ts';
import { toView } from '../view.ts';
import { refusedByTime } from './create-proposal.ts';

/** Proof of a submission. `digest` is the SHA-256 of what was sent in. */
export type Receipt = {
	id: string;
	number: string;
	status: 'submitted';
	version: number;
	submittedAt: Date;
	submission: number;
	digest: string;
};

const receiptOf = async (proposal: ProposalDocument, known?: { digest: string; at: Date }): Promise<Receipt> => {
	const id = proposal._id.toHexString();
	const frozen = known ?? (await Submission.findOne({ proposal: id, n: proposal.submissions }, { digest: 1, at: 1 }).lean());
	if (!frozen || !proposal.number) throw notFound();
	return {
		id,
		number: proposal.number,
		status: 'submitted',
		version: proposal.version,
		submittedAt: frozen.at,
		submission: proposal.submissions,
		digest: frozen.digest
	};
};

/** Why it is too late (or too early) to send this in; null while it is not. */
const untimely = (proposal: ProposalDocument, competition: CompetitionView, at: Date): AppError | null => {
	if (proposal.status !== 'returned') return refusedByTime(competition, at);
	const until = proposal.screening.at(-1)?.correctBy;
	if (competition.state !== 'open' && competition.state !== 'screening') return conflict('proposal_screening_over');
	return until && at >= until && competition.state !== 'open' ? conflict('proposal_late', { closed: clockText(until), time: clockText(at) }) : null;
};

/** Whether something still being written can no longer be sent in, by the server's clock. */
export const isTooLate = (proposal: ProposalDocument, competition: CompetitionView): boolean =>
	isEditable(proposal) && competition.state !== 'announced' && untimely(proposal, competition, now()) !== null;

/**
 * Up to which amendment the actor has read, by what they say and by the clock; null where nothing is asked.
 * @throws AppError 422 at `amendmentsRead` while one of them is unread
 */
const readUpTo = (actor: Actor, proposal: ProposalDocument, competition: CompetitionView, said: string | undefined, at: Date): Date | null => {
	if (said === undefined) return null;
	const upTo = said === '' ? 0 : Math.min(new Date(said).getTime(), at.getTime());
	const unread = toldTo(actor, proposal, competition).amendments.filter((amendment) => amendment.at.getTime() > upTo).length;
	if (unread > 0) throw invalidField('amendmentsRead', 'proposal_amendments_unread', { n: unread });
	return upTo === 0 ? null : new Date(upTo);
};

/**
 * Submits a draft by the server's clock: late (409 with the server's time), incomplete, not eligible or over a
 * blocking budget rule (422, each finding at its field) it is refused, and so it is where the rules were amended and
 * who submits is asked whether they know (`amendmentsRead`). The first submission gives the receipt
 * number; submitting again what is submitted already answers with the same receipt.
 */
export const submitProposal = async (actor: Actor, id: string, input: ProposalSubmit): Promise<Receipt> => {
	const { proposal, competition, sides } = await loadOwn(actor, id, 'proposal.submit');
	const at = now();
	if (proposal.status === 'submitted') return receiptOf((await settledBy(id)) ?? proposal);
	if (!isEditable(proposal)) throw conflict('proposal_not_editable');
	const refusal = untimely(proposal, competition, at);
	if (refusal) throw refusal;
	if (input.version !== undefined && input.version !== proposal.version) throw stale(toView(proposal, competition, sides));
	const facts = await applicantFacts(proposal.organization);
	const { findings } = await checkAll(competition, draftOf(proposal), facts, id);
	const blocking = findings.filter(({ severity }) => severity === 'block');
	if (blocking.length > 0) throw invalid(blocking.map(({ path, code, params }) => ({ path, code, params })), 'proposal_not_ready');
	const read = readUpTo(actor, proposal, competition, input.amendmentsRead, at);
	const key = seenKey(actor);
	// Who belongs to the group consents by submitting.
	const consent = proposal.proxy && !proposal.consent && writesFor(actor, proposal.organization) ? consentOf(actor, input.consent, at) : null;
	const claimed = await Proposal.findOneAndUpdate(
		{ _id: proposal._id, version: proposal.version, status: proposal.status },
		{
			$set: { status: 'submitted', submittedAt: at, settled: false, organizationName: facts.name, ...(consent ? { consent } : {}) },
			$inc: { version: 1, submissions: 1 },
			...(read && key ? { $max: { [key]: read } } : {})
		},
		{ returnDocument: 'after', lean: true }
	);
	if (claimed) {
		forgetCounts(proposal.competition);
		if (consent)
			await recordAct({ chain: `competition:${proposal.competition}`, actor, action: 'proposal_consent_recorded', subject: id, detail: { consent: consentDetail(consent) } });
		const settled = await settleSubmission(claimed, { actor, id: idOf(actor), name: nameOf(actor) });
		return receiptOf(settled.proposal, { digest: settled.digest, at });
	}
	const current = await settledBy(id);
	if (current?.status === 'submitted') return receiptOf(current);
	const again = await loadOwn(actor, id, 'proposal.submit');
	throw stale(toView(again.proposal, again.competition, again.sides));
};

/** The receipt of the latest submission, for the group's page. */
export const readReceipt = async (actor: Actor, id: string): Promise<Receipt> => {
	const { proposal, sides } = await loadOwn(actor, id, 'proposal.readOwn');
	if (!sides.applicant || proposal.submissions === 0 || !can(actor, 'proposal.readOwn', proposal)) throw notFound();
	return receiptOf(proposal);
};
