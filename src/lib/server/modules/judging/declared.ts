import type { Actor } from '#lib/domain/accounts/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { Judge, type DeclaredConflict } from './model.ts';

// Submissions come in rows too, above all when a phone has its network back. A conflict declared in another process
// recuses the scorecards it is about by itself; this is the second lock on that door, and it may close a moment later.
const kept = createMemory<ReadonlySet<string>>({ name: 'declared', freshMs: 3000, most: 2000 });

/** The proposals a judge is known to be too close to, at most three seconds old. */
export const declaredBy = (judge: string): Promise<ReadonlySet<string>> =>
	kept.read(judge, async () => {
		const found = await Judge.findById(toId(judge), { 'declared.proposal': 1 }).lean();
		return new Set((found?.declared ?? []).map(({ proposal }) => proposal));
	});

/** After one was declared or lifted: the next submission knows. */
export const forgetDeclared = (judge: string): void => kept.forget(judge);

/** Who declares something; the platform itself has no id. */
export const saidBy = (actor: Actor): { by: string; byId: string } => (actor.kind === 'user' ? { by: actor.name, byId: actor.id } : { by: '', byId: '' });

/** Whether this person declared it. What was stored before ids were goes by the name. */
export const isSaidBy = ({ by, byId }: Pick<DeclaredConflict, 'by' | 'byId'>, who: { by: string; byId: string }): boolean =>
	byId === undefined ? by === who.by : byId === who.byId;

/** The same as {@link isSaidBy} for a query. */
export const saidByFilter = ({ by, byId }: { by: string; byId: string }) => ({ $or: [{ byId }, { byId: { $exists: false }, by }] });
