import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { insertUntilTaken, newId } from '#lib/server/platform/db/index.ts';
import { hashEntry } from './chain.ts';
import { Audit, type AuditDocument } from './model.ts';

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

/** When an act was done, and since when this process has been at it. */
export type Done = { at: Date; from: number };

/** An entry that has no place yet. */
export type Entry = Omit<AuditDocument, '_id'>;

const nameOf = (actor: Actor): { id: string | null; name: string } =>
	actor.kind === 'user'
		? { id: actor.id, name: actor.name }
		: { id: null, name: actor.kind === 'system' ? actor.name : 'anonymous' };

/** An act as the entry that follows this one. */
export const follow = (act: AuditAct, last: { seq: number; hash: string } | null): Entry => {
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

/** The last entry of a chain by what is in it. */
export const lastOf = (chain: string): Promise<AuditDocument | null> => Audit.findOne({ chain }).sort({ chain: -1, seq: -1 }).lean();

/**
 * Appends entries one after the other up to the first whose place another one has, and answers how many are in: no entry
 * ever follows one that is not there. What they hold was made here, and their hashes depend on it staying as it is.
 */
export const append = (...entries: readonly Entry[]): Promise<number> =>
	insertUntilTaken<AuditDocument>(
		Audit,
		entries.map((entry) => ({ _id: newId(), ...entry }))
	);

/** Names an act of a chain by its subject and when it was done. */
export const actKey = (subject: string, at: Date | null): string => `${subject} ${at?.toISOString() ?? ''}`;
