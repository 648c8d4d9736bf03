import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { hashEntry } from './chain.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { Audit } from './model.ts';

export { canonicalJson } from './chain.ts';

export type AuditAct = {
	/** The chain it belongs to: `competition:<id>`, `organization:<id>`, `accounts`. */
	chain: string;
	actor: Actor;
	action: string;
	subject: string;
	/** Plain JSON; ids, figures and reasons, never secrets. */
	detail?: Record<string, unknown>;
};

const nameOf = (actor: Actor): { id: string | null; name: string } =>
	actor.kind === 'user'
		? { id: actor.id, name: actor.name }
		: { id: null, name: actor.kind === 'system' ? actor.name : 'anonymous' };

type Tail = { seq: number; hash: string };

// Acts of one chain often follow each other. A tail that is no longer the last is found out by the unique index.
const tails = createMemory<Tail>({ freshMs: 2000, most: 5000 });

const readTail = async (chain: string): Promise<Tail> => {
	const last = await Audit.findOne({ chain }, { seq: 1, hash: 1 }).sort({ seq: -1 }).lean();
	return { seq: last?.seq ?? 0, hash: last?.hash ?? '' };
};

/**
 * Appends an act to its chain. The unique index on (chain, seq) lets one of two writers win; the other goes
 * on behind it, so the chain never forks.
 */
export const recordAct = async (act: AuditAct): Promise<void> => {
	for (;;) {
		const last = await tails.read(act.chain, () => readTail(act.chain));
		const entry = {
			chain: act.chain,
			seq: last.seq + 1,
			at: now(),
			actor: nameOf(act.actor),
			action: act.action,
			subject: act.subject,
			detail: JSON.parse(JSON.stringify(act.detail ?? {})) as Record<string, unknown>,
			previous: last.hash
		};
		const hash = hashEntry(entry);
		try {
			// What it holds was made here; the hash depends on it staying as it is.
			await Audit.collection.insertOne({ _id: newId(), ...entry, hash });
			tails.keep(act.chain, { seq: entry.seq, hash });
			return;
		} catch (error) {
			tails.forget(act.chain);
			if (!isDuplicateKey(error)) throw error;
		}
	}
};

/** What is wrong with a chain; an empty list means it is whole. */
export type ChainFault = { chain: string; seq: number; fault: 'missing' | 'changed' | 'unlinked' };

/** Walks a chain (or all of them) and finds changed, missing and inserted entries. */
export const verifyAudit = async (chain?: string): Promise<{ entries: number; faults: ChainFault[] }> => {
	const faults: ChainFault[] = [];
	let entries = 0;
	let current = '';
	let seq = 0;
	let previous = '';
	for await (const entry of Audit.find(chain ? { chain } : {})
		.sort({ chain: 1, seq: 1 })
		.lean()
		.cursor()) {
		if (entry.chain !== current) {
			current = entry.chain;
			seq = 0;
			previous = '';
		}
		entries += 1;
		seq += 1;
		if (entry.seq !== seq) {
			faults.push({ chain: current, seq, fault: 'missing' });
			seq = entry.seq;
		} else if (entry.previous !== previous) faults.push({ chain: current, seq, fault: 'unlinked' });
		if (hashEntry(entry) !== entry.hash) faults.push({ chain: current, seq, fault: 'changed' });
		previous = entry.hash;
	}
	return { entries, faults };
};

/** The latest acts of a chain, newest first, for the timeline of a page. */
export const recentActs = async (
	chain: string,
	limit = 50
): Promise<{ at: Date; actor: string; action: string; subject: string; detail: Record<string, unknown> }[]> => {
	const acts = await Audit.find({ chain }).sort({ seq: -1 }).limit(limit).lean();
	return acts.map((act) => ({ at: act.at, actor: act.actor.name, action: act.action, subject: act.subject, detail: act.detail }));
};
