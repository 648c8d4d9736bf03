import { sha256 } from '#lib/server/platform/secrets.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { canonicalJson, recordAct } from '../audit/index.ts';
import { takeNumber } from '../competitions/index.ts';
import { contentOf } from './content.ts';
import { Proposal, Submission, type ProposalContent, type ProposalDocument } from './model.ts';

/** SHA-256 over the canonical JSON of a submission's content: the fingerprint on the receipt. */
export const digestOf = (content: ProposalContent): string => sha256(canonicalJson(content));

const withNumber = async (proposal: ProposalDocument): Promise<ProposalDocument> => {
	if (proposal.number) return proposal;
	const { number, seq } = await takeNumber(proposal.competition);
	const numbered = await Proposal.findOneAndUpdate({ _id: proposal._id, seq: null }, { $set: { number, seq } }, { returnDocument: 'after', lean: true });
	// Another call gave the number first; this one's is left unused.
	return numbered ?? (await Proposal.findById(proposal._id).lean()) ?? proposal;
};

/**
 * Completes a submission after its first write made it true: the number (once in a proposal's life), the frozen
 * copy, the entry in the competition's chain, the event. Every part may be repeated, so that a crash in between is
 * made good by running it again.
 */
export const settleSubmission = async (
	submitted: ProposalDocument,
	by: { actor: Parameters<typeof recordAct>[0]['actor']; id: string; name: string }
): Promise<{ proposal: ProposalDocument; digest: string }> => {
	const proposal = await withNumber(submitted);
	const id = proposal._id.toHexString();
	const content = contentOf(proposal);
	const digest = digestOf(content);
	try {
		await Submission.create({
			_id: newId(),
			proposal: id,
			competition: proposal.competition,
			n: proposal.submissions,
			content,
			digest,
			at: proposal.submittedAt ?? proposal.updatedAt,
			by: by.id,
			byName: by.name
		});
		await recordAct({
			chain: `competition:${proposal.competition}`,
			actor: by.actor,
			action: 'proposal_submitted',
			subject: id,
			detail: { number: proposal.number, n: proposal.submissions, digest }
		});
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
	}
	await publish({
		kind: 'proposal.submitted',
		key: `proposal.submitted:${id}:${proposal.submissions}`,
		payload: {
			proposal: id,
			competition: proposal.competition,
			organization: proposal.organization,
			number: proposal.number,
			title: proposal.title,
			requested: proposal.requested,
			n: proposal.submissions,
			by: by.name,
			at: (proposal.submittedAt ?? proposal.updatedAt).toISOString()
		}
	});
	await Proposal.updateOne({ _id: proposal._id, submissions: proposal.submissions }, { $set: { settled: true } });
	return { proposal: { ...proposal, settled: true }, digest };
};

/** Goes on with submissions a crash left half-written; run as a job. Those under way get a minute. */
export const settleSubmissions = async (at: Date): Promise<void> => {
	const open = await Proposal.find({ settled: false, submittedAt: { $lt: new Date(at.getTime() - 60_000) } })
		.limit(100)
		.lean();
	for (const proposal of open) await settleSubmission(proposal, { actor: { kind: 'system', name: 'reconciler' }, id: proposal.createdBy, name: proposal.createdByName });
};

/** Waits for the number another call is just giving; null when it does not come within a second. */
export const settledBy = async (id: string): Promise<ProposalDocument | null> => {
	for (let turn = 0; turn < 40; turn += 1) {
		const proposal = await Proposal.findById(toId(id)).lean();
		if (proposal?.settled && proposal.number) return proposal;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	return null;
};
