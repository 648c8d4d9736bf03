import { toId, type AnyBulkWriteOperation } from '#lib/server/platform/db/index.ts';
import { Proposal, Sanction, type ProposalDocument, type ProposalOutcome } from '../model.ts';
import { newId } from '#lib/server/platform/db/index.ts';

/**
 * Writes the published decision beside each proposal, for the groups' pages and the rule on repeated winners. For
 * the module that decides; saying it again changes nothing.
 */
export const recordOutcomes = async (
	competition: string,
	outcomes: readonly { proposal: string; kind: ProposalOutcome['kind']; amount: number }[],
	at: Date
): Promise<void> => {
	const writes = outcomes.map(
		({ proposal, kind, amount }): AnyBulkWriteOperation<ProposalDocument> => ({
			updateOne: { filter: { _id: toId(proposal), competition }, update: { $set: { outcome: { kind, amount, at } } } }
		})
	);
	if (writes.length > 0) await Proposal.bulkWrite(writes, { ordered: false });
};

/** Bans an organization from applying until a day, after a breach of its agreement. `key` makes a repeat harmless. */
export const imposeSanction = async (sanction: { organization: string; until: Date; reason: string; at: Date; by: string | null; key: string }): Promise<void> => {
	await Sanction.updateOne({ key: sanction.key }, { $setOnInsert: { _id: newId(), ...sanction } }, { upsert: true });
};
