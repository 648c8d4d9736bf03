import { alignChainEnds } from '#lib/server/modules/audit/index.ts';
import { dropFormerIndexes } from '#lib/server/modules/judging/index.ts';
import { refreshAllAttention, refreshAllMaturityTallies } from '#lib/server/modules/organizations/index.ts';
import type { Migration } from '#lib/server/platform/migrations.ts';

/** Numbered changes of stored data, in order; each is safe to run twice. */
export const migrations: readonly Migration[] = [
	{ number: 1, name: 'keep the end of every audit chain', run: alignChainEnds },
	{ number: 2, name: 'when organizations need attention', run: refreshAllAttention },
	{ number: 3, name: 'counts of maturity levels', run: refreshAllMaturityTallies },
	{ number: 4, name: 'indexes of scorecards nobody asks any more', run: dropFormerIndexes }
];
