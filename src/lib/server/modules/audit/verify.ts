import { hashEntry } from './chain.ts';
import { Audit, ChainEnd } from './model.ts';
import { keepsEnd } from './open-chains.ts';
import { sealAction } from './record.ts';

/**
 * What is wrong with a chain; an empty list means it is whole. `missing`: an entry is gone, at the end too; `inserted`:
 * one is there that was not written as an act; `changed`: its content is not what was hashed; `unlinked`: it does not
 * follow from the one before it.
 */
export type ChainFault = { chain: string; seq: number; fault: 'missing' | 'changed' | 'unlinked' | 'inserted' };

type Seal = { chain: string; seq: number; hash: string };

const sealsIn = (detail: Record<string, unknown>): Seal[] => (Array.isArray(detail.ends) ? (detail.ends as Seal[]) : []);

type Walk = { entries: number; faults: ChainFault[]; seals: Seal[]; seen: Set<string> };

/** Compares the last entry walked with the end kept apart. */
const checkEnd = async (walk: Walk, chain: string, seq: number, hash: string): Promise<void> => {
	if (chain === '' || !keepsEnd(chain)) return;
	const end = await ChainEnd.findById(chain).lean();
	if (!end || seq < end.seq) walk.faults.push({ chain, seq: seq + 1, fault: 'missing' });
	else if (seq > end.seq) walk.faults.push({ chain, seq: end.seq + 1, fault: 'inserted' });
	else if (hash !== end.hash) walk.faults.push({ chain, seq, fault: 'changed' });
};

const walkChains = async (walk: Walk, filter: Record<string, unknown>): Promise<void> => {
	let chain = '';
	let seq = 0;
	let previous = '';
	for await (const entry of Audit.find(filter).sort({ chain: 1, seq: 1 }).lean().cursor()) {
		if (entry.chain !== chain) {
			await checkEnd(walk, chain, seq, previous);
			chain = entry.chain;
			walk.seen.add(chain);
			seq = 0;
			previous = '';
		}
		walk.entries += 1;
		seq += 1;
		if (entry.seq > seq) walk.faults.push({ chain, seq, fault: 'missing' });
		else if (entry.seq < seq) walk.faults.push({ chain, seq: entry.seq, fault: 'inserted' });
		else if (entry.previous !== previous) walk.faults.push({ chain, seq, fault: 'unlinked' });
		seq = entry.seq;
		if (hashEntry(entry) !== entry.hash) walk.faults.push({ chain, seq, fault: 'changed' });
		if (entry.action === sealAction) walk.seals.push(...sealsIn(entry.detail));
		previous = entry.hash;
	}
	await checkEnd(walk, chain, seq, previous);
};

/** What was sealed into a chain is still there, with the hash it had then. */
const checkSeals = async (walk: Walk): Promise<void> => {
	for (const { chain, seq, hash } of walk.seals) {
		const entry = await Audit.findOne({ chain, seq }, { hash: 1 }).lean();
		if (entry?.hash !== hash) walk.faults.push({ chain, seq, fault: entry ? 'changed' : 'missing' });
	}
};

/** Chains of which nothing but the end is left. */
const checkLost = async (walk: Walk, chain: string | undefined): Promise<void> => {
	for await (const { _id } of ChainEnd.find(chain ? { _id: chain } : {}, { _id: 1 }).lean().cursor())
		if (!walk.seen.has(_id)) walk.faults.push({ chain: _id, seq: 1, fault: 'missing' });
};

/** Walks a chain and those sealed into it (or all there are) and finds changed, missing and inserted entries. */
export const verifyAudit = async (chain?: string): Promise<{ entries: number; faults: ChainFault[] }> => {
	const walk: Walk = { entries: 0, faults: [], seals: [], seen: new Set() };
	await walkChains(walk, chain ? { chain } : {});
	const sealed = chain ? [...new Set(walk.seals.map((seal) => seal.chain))] : [];
	if (sealed.length > 0) await walkChains(walk, { chain: { $in: sealed } });
	await checkSeals(walk);
	await checkLost(walk, chain);
	return { entries: walk.entries, faults: walk.faults };
};
