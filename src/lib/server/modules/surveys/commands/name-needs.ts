import type { Actor } from '#lib/domain/accounts/types.ts';
import { needKey, renamed, restored } from '#lib/domain/surveys/needs.ts';
import type { NeedName } from '#lib/domain/surveys/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, invalidField } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { recordedFor } from '../access.ts';
import { NeedBook } from '../model.ts';
import { countAgain, markChange } from '../recount.ts';

/** More names than this no list of needs has. */
const mostNames = 500;

const write = async (
	actor: Actor,
	organizationId: string,
	needs: readonly string[],
	next: (names: Record<string, string>) => Record<string, string>,
	action: string,
	to: string
): Promise<void> => {
	await recordedFor(actor, organizationId, 'survey.manage');
	if (needs.some((need) => needKey(need) === '')) throw invalidField('needs', 'required');
	await markChange(organizationId);
	// Two people sorting at once: each works on what the other left.
	for (let turn = 0; ; turn += 1) {
		const book = await NeedBook.findById(organizationId).lean();
		const version = book?.version ?? 0;
		const names = Object.entries(next(Object.fromEntries((book?.names ?? []).map((name) => [name.key, name.to]))));
		if (names.length > mostNames) throw invalidField('needs', 'too_many', { max: mostNames });
		const { modifiedCount } = await NeedBook.updateOne(
			{ _id: organizationId, version },
			{ $set: { names: names.map(([key, words]) => ({ key, to: words })), changedAt: now() }, $inc: { version: 1 } }
		);
		if (modifiedCount > 0) break;
		if (turn === 20) throw conflict('stale');
	}
	await countAgain(organizationId);
	await recordAct({ chain: `organization:${organizationId}`, actor, action, subject: organizationId, detail: { needs, to } });
};

/** Counts needs under other words: several under one (merging), one under others (renaming), or none at all (''). */
export const nameNeeds = (actor: Actor, organizationId: string, { needs, to }: NeedName): Promise<void> =>
	write(actor, organizationId, needs, (names) => renamed(names, needs, to), to ? 'needs_named' : 'needs_left_out', to);

/** Lets needs count under their own words again. */
export const restoreNeeds = (actor: Actor, organizationId: string, needs: readonly string[]): Promise<void> =>
	write(actor, organizationId, needs, (names) => restored(names, needs), 'needs_restored', '');
