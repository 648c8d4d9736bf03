/** All commands by name. */
import { AGGREGATE } from './aggregate.ts';
import { BULK_WRITE } from './bulk-write.ts';
import { COLLECTIONS } from './collections.ts';
import type { Command } from './context.ts';
import { COUNT } from './count.ts';
import { DELETE } from './delete.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { EXPLAIN } from './explain.ts';
import { FIND } from './find.ts';
import { FIND_AND_MODIFY } from './find-and-modify.ts';
import { HANDSHAKE } from './handshake.ts';
import { INDEXES } from './indexes.ts';
import { INSERT } from './insert.ts';
import { UPDATE } from './update.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map(
	Object.entries({
		...HANDSHAKE,
		...DIAGNOSTICS,
		...FIND,
		...INSERT,
		...UPDATE,
		...DELETE,
		...FIND_AND_MODIFY,
		...COUNT,
		...AGGREGATE,
		...COLLECTIONS,
		...INDEXES,
		...BULK_WRITE,
		...EXPLAIN
	})
);
