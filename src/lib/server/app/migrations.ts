import { alignChainEnds } from '#lib/server/modules/audit/index.ts';
import type { Migration } from '#lib/server/platform/migrations.ts';

/** Numbered changes of stored data, in order; each is safe to run twice. */
export const migrations: readonly Migration[] = [
	{ number: 1, name: 'keep the end of every audit chain', run: alignChainEnds }
];
