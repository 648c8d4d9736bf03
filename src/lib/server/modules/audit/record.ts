import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { gatheredInserts, isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { hashEntry } from './chain.ts';
import { Audit, ChainEnd, type AuditDocument } from './model.ts';

export type AuditAct = {
	/** The chain it belongs to: `competition:<id>`, `organization:<id>`, `accounts`. */
	chain: string;
	actor: Actor;
	action: string;
	subject: string;
	/** Plain JSON; ids, figures and reasons, never secrets. */
	detail?: Record<string, unknown>;
	/**
	 * For chains without an end of their own: the act goes in once, whoever tells it and however often. It is known by its
	 * action, its subject and when it was done. `from` is when this process set out to do it, by `performance.now()`; 0 where
	 * another may have told it before.
	 */
	done?: Done;
};

type Done = { at: Date; from: number };

type Entry = Omit<AuditDocument, '_id'>;

const nameOf = (actor: Actor): { id: string | null; name: string } =>
	actor.kind === 'user'
		? { id: actor.id, name: actor.name }
		: { id: null, name: actor.kind === 'system' ? actor.name : 'anonymous' };

/**
 * Chains of single judges keep no end of their own: a hall full of judges submitting at once should not write twice
 * each. Their ends are sealed into the competition's chain when the round closes (see {@link sealChains}).
 */
export const keepsEnd = (chain: string): boolean => !chain.startsWith('judging:');

const follow = (act: AuditAct, last: { seq: number; hash: string } | null): Entry => {
	const entry = {
		chain: act.chain,
		seq: (last?.seq ?? 0) + 1,
		at: act.done?.at ?? now(),
		actor: nameOf(act.actor),
		action: act.action,
		subject: act.subject,
		detail: JSON.parse(JSON.stringify(act.detail ?? {})) as Record<string, unknown>,
		previous: last?.hash ?? ''
	};
	return { ...entry, hash: hashEntry(entry) };
};

const lastOf = (chain: string): Promise<AuditDocument | null> => Audit.findOne({ chain }).sort({ chain: -1, seq: -1 }).lean();

/**
 * The last entry of an open chain as far as this process knows, null of an empty one. `readAt` is when it was last looked
 * up, by `performance.now()`: what has been appended since is this process's own and in `own`, or the unique index tells.
 */
type Tail = { last: { seq: number; hash: string } | null; readAt: number; own: Set<string> };

// A judge's submissions follow each other.
const tails = createMemory<Tail>({ freshMs: 10 * 60_000, most: 5000 });

const tailOf = (chain: string): Promise<Tail> =>
	tails.read(chain, async () => {
		const last = await lastOf(chain);
		return { last, readAt: performance.now(), own: new Set() };
	});

// What an entry holds was made here, and its hash depends on it staying as it is: nothing to cast.
const insert = gatheredInserts<AuditDocument>(Audit);

/** False when another entry has the place already. */
const append = (entry: Entry): Promise<boolean> => insert({ _id: newId(), ...entry });

/** How far back an act of this moment may be in its chain, entries. */
const moment = 100;

const isRecorded = async ({ chain, action, subject }: AuditAct, { at, from }: Done, { last }: Tail): Promise<boolean> => {
	const recent = from > 0 ? { seq: { $gt: (last?.seq ?? 0) - moment } } : {};
	return (await Audit.findOne({ chain, ...recent, action, subject, at }, { _id: 1 }).lean()) !== null;
};

/**
 * The place in the chain is chosen before the look whether the act has one already, so whoever tells it at the same moment
 * is beaten to that place and looks again. No look is needed behind a tail this process knew before it did the act.
 */
const recordInOpenChain = async (act: AuditAct): Promise<void> => {
	const { chain, done } = act;
	for (;;) {
		const tail = await tailOf(chain);
		const entry = follow(act, tail.last);
		const key = `${entry.action} ${actKey(entry.subject, entry.at)}`;
		if (done && tail.own.has(key)) return;
		if (done && tail.readAt > done.from && (await isRecorded(act, done, tail))) return;
		if (await append(entry)) {
			if (done) tail.own.add(key);
			tails.keep(chain, { ...tail, last: { seq: entry.seq, hash: entry.hash } });
			return;
		}
		tails.forget(chain);
	}
};

/** Looks up the end of an open chain ahead of an act that is to be expected, unless it is known. */
export const expectAct = (chain: string): void => void tailOf(chain).catch(() => undefined);

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
	if (!keepsEnd(act.chain)) return recordInOpenChain(act);
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

/** Names an act of a chain by its subject and when it was done. */
export const actKey = (subject: string, at: Date | null): string => `${subject} ${at?.toISOString() ?? ''}`;

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
		if (entry.previous === (last?.hash ?? '') && (await append(entry))) continue;
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
