import { createMemory } from '#lib/server/platform/memory.ts';
import { actKey, append, follow, lastOf, type AuditAct, type Done, type Entry } from './entries.ts';
import { Audit } from './model.ts';

/**
 * Chains of single judges keep no end of their own: a hall full of judges submitting at once should not write twice
 * each. Their ends are sealed into the competition's chain when the round closes (see {@link sealChains}).
 */
export const keepsEnd = (chain: string): boolean => !chain.startsWith('judging:');

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

/** How far back an act of this moment may be in its chain, entries. */
const moment = 100;

const isRecorded = async ({ chain, action, subject }: AuditAct, { at, from }: Done, { last }: Tail): Promise<boolean> => {
	const recent = from > 0 ? { seq: { $gt: (last?.seq ?? 0) - moment } } : {};
	return (await Audit.findOne({ chain, ...recent, action, subject, at }, { _id: 1 }).lean()) !== null;
};

const isOnRecord = async (act: AuditAct, key: string, tail: Tail): Promise<boolean> => {
	const { done } = act;
	if (!done) return false;
	return tail.own.has(key) || (tail.readAt > done.from && (await isRecorded(act, done, tail)));
};

/** What is to be appended for an act, and the tail it makes. */
type Planned = { act: AuditAct; entry: Entry; key: string; tail: Tail };

/**
 * The places in the chains are chosen before the look whether an act has one already, so whoever tells it at the same moment
 * is beaten to that place and looks again. No look is needed behind a tail this process knew before it did the act.
 */
const plan = async (acts: readonly AuditAct[]): Promise<Planned[]> => {
	// Ends this process does not know are looked up side by side.
	await Promise.all(acts.map(({ chain }) => tailOf(chain)));
	const ends = new Map<string, Tail>();
	const planned = new Map<string, Planned>();
	for (const [at, act] of acts.entries()) {
		const tail = ends.get(act.chain) ?? (await tailOf(act.chain));
		const entry = follow(act, tail.last);
		const key = `${entry.action} ${actKey(entry.subject, entry.at)}`;
		const name = act.done ? `${act.chain} ${key}` : String(at);
		if (planned.has(name) || (await isOnRecord(act, key, tail))) continue;
		const next = { ...tail, last: { seq: entry.seq, hash: entry.hash } };
		planned.set(name, { act, entry, key, tail: next });
		ends.set(act.chain, next);
	}
	return [...planned.values()];
};

/** Appends acts to open chains in their order, all in one write as long as nobody else appends to the same chains. */
export const recordInOpenChains = async (acts: readonly AuditAct[]): Promise<void> => {
	for (let left = acts; left.length > 0; ) {
		const planned = await plan(left);
		let appended = 0;
		try {
			if (planned.length > 0) appended = await append(...planned.map(({ entry }) => entry));
		} finally {
			for (const { act, key, tail } of planned.slice(0, appended)) {
				if (act.done) tail.own.add(key);
				tails.keep(act.chain, tail);
			}
			for (const { act } of planned.slice(appended)) tails.forget(act.chain);
		}
		left = planned.slice(appended).map(({ act }) => act);
	}
};

/** Looks up the end of an open chain ahead of an act that is to be expected, unless it is known. */
export const expectAct = (chain: string): void => void tailOf(chain).catch(() => undefined);
