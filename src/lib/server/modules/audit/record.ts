import type { Actor } from '#lib/domain/accounts/types.ts';
import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { actKey, append, follow, lastOf, type AuditAct, type Entry } from './entries.ts';
import { Audit, ChainEnd, type AuditDocument } from './model.ts';
import { keepsEnd, recordInOpenChains } from './open-chains.ts';

/** Moves the end of a chain on; false when somebody else did first. The entry is in it whole, so nothing is lost between the two writes. */
const moveEnd = async (before: { seq: number; hash: string } | null, entry: Entry): Promise<boolean> => {
	const next = { seq: entry.seq, hash: entry.hash, entry };
	if (before) {
		const { matchedCount } = await ChainEnd.updateOne({ _id: entry.chain, seq: before.seq, hash: before.hash }, { $set: next });
		return matchedCount > 0;
	}
	try {
		await ChainEnd.create({ _id: entry.chain, ...next });
		return true;
	} catch (error) {
		if (isDuplicateKey(error)) return false;
		throw error;
	}
};

/**
 * Appends an act to its chain. The end of the chain moves first and lets one of two writers win; the other goes on
 * behind it, so the chain never forks. An entry whose writer died in between is put in by the next one.
 */
export const recordAct = async (act: AuditAct): Promise<void> => {
	if (!keepsEnd(act.chain)) return recordInOpenChains([act]);
	for (;;) {
		const end = await ChainEnd.findById(act.chain).lean();
		if (end && !(await Audit.exists({ chain: act.chain, seq: end.seq }))) await append(end.entry);
		const last = end ?? (await lastOf(act.chain));
		const entry = follow(act, last);
		if (!(await moveEnd(end, entry))) continue;
		await append(entry);
		return;
	}
};

/** The last entry of each of these chains; those without an entry are left out. */
export const chainEnds = async (chains: readonly string[]): Promise<{ chain: string; seq: number; hash: string }[]> => {
	const found = await Audit.aggregate<{ _id: string; seq: number; hash: string }>([
		{ $match: { chain: { $in: [...chains] } } },
		{ $sort: { chain: 1, seq: -1 } },
		{ $group: { _id: '$chain', seq: { $first: '$seq' }, hash: { $first: '$hash' } } }
	]);
	return found.map(({ _id, seq, hash }) => ({ chain: _id, seq, hash })).sort((a, b) => (a.chain < b.chain ? -1 : 1));
};

/** What a chain holds of these subjects, by {@link actKey}. */
export const recordedActs = async (chain: string, subjects: readonly string[]): Promise<Set<string>> => {
	const acts = await Audit.find({ chain, subject: { $in: [...subjects] } }, { subject: 1, at: 1 }).lean();
	return new Set(acts.map(({ subject, at }) => actKey(subject, at)));
};

/** The act that writes the ends of other chains into one: from then on they stand and fall with it. */
export const sealAction = 'chains_sealed';

/** Seals chains into another, unless its latest seal says the same already. */
export const sealChains = async (into: string, actor: Actor, chains: readonly string[], subject: string): Promise<void> => {
	const ends = await chainEnds(chains);
	if (ends.length === 0) return;
	const latest = await Audit.findOne({ chain: into, action: sealAction }).sort({ chain: -1, seq: -1 }).lean();
	if (latest && JSON.stringify(latest.detail.ends) === JSON.stringify(ends)) return;
	await recordAct({ chain: into, actor, action: sealAction, subject, detail: { ends } });
};

/**
 * Gives every chain the end it has by its entries: for chains from before ends were kept, and after restoring a backup
 * that was made while people worked.
 */
export const alignChainEnds = async (): Promise<void> => {
	for await (const { _id, entry } of ChainEnd.find().lean().cursor()) {
		const last = await lastOf(_id);
		if (last?.hash === entry.hash) continue;
		if (entry.previous === (last?.hash ?? '') && (await append(entry)) > 0) continue;
		if (last) await ChainEnd.replaceOne({ _id }, endOf(last));
		else await ChainEnd.deleteOne({ _id });
	}
	const chains = await Audit.aggregate<{ _id: string }>([{ $group: { _id: '$chain' } }]);
	for (const { _id: chain } of chains) {
		if (!keepsEnd(chain) || (await ChainEnd.exists({ _id: chain }))) continue;
		const last = await lastOf(chain);
		if (last) await ChainEnd.create({ _id: chain, ...endOf(last) }).catch((error: unknown) => {
			if (!isDuplicateKey(error)) throw error;
		});
	}
};

const endOf = ({ _id, ...entry }: AuditDocument): { seq: number; hash: string; entry: Entry } => ({ seq: entry.seq, hash: entry.hash, entry });

/** The latest acts of a chain, newest first, for the timeline of a page. */
export const recentActs = async (
	chain: string,
	limit = 50
): Promise<{ at: Date; actor: string; action: string; subject: string; detail: Record<string, unknown> }[]> => {
	const acts = await Audit.find({ chain }).sort({ seq: -1 }).limit(limit).lean();
	return acts.map((act) => ({ at: act.at, actor: act.actor.name, action: act.action, subject: act.subject, detail: act.detail }));
};
