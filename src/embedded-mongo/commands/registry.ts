/** All commands by name. */
import { ACTIVITY } from './activity.ts';
import { ADMINISTRATION } from './administration.ts';
import { AGGREGATE } from './aggregate.ts';
import { BULK_WRITE } from './bulk-write.ts';
import { COLL_MOD } from './coll-mod.ts';
import { COLLECTIONS } from './collections.ts';
import type { Value } from '../bson/values.ts';
import type { Command } from './context.ts';
import { doc, reply } from './context.ts';
import { COUNT } from './count.ts';
import { DELETE } from './delete.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { EXPLAIN } from './explain.ts';
import { FAIL_POINT } from './fail-point.ts';
import { FIND } from './find.ts';
import { FIND_AND_MODIFY } from './find-and-modify.ts';
import { HANDSHAKE } from './handshake.ts';
import { INDEXES } from './indexes.ts';
import { INSERT } from './insert.ts';
import { NOT_OFFERED_COMMANDS } from './not-offered.ts';
import { SERVER_STATUS } from './server-status.ts';
import { SESSIONS } from './sessions.ts';
import { UPDATE } from './update.ts';

const LIST_COMMANDS: Command = {
	fields: [],
	run: () =>
		reply([
			'commands',
			doc(
				...[...COMMANDS].filter(([name]) => !(name in NOT_OFFERED_COMMANDS)).map(([name, { adminOnly = false }]): [string, Value] => [
					name,
					doc(['help', ''], ['requiresAuth', false], ['secondaryOk', false], ['adminOnly', adminOnly])
				])
			)
		])
};

export const COMMANDS: ReadonlyMap<string, Command> = new Map(
	Object.entries<Command>({
		listCommands: LIST_COMMANDS,
		...HANDSHAKE,
		...SESSIONS,
		...FAIL_POINT,
		...ACTIVITY,
		...ADMINISTRATION,
		...DIAGNOSTICS,
		...SERVER_STATUS,
		...FIND,
		...INSERT,
		...UPDATE,
		...DELETE,
		...FIND_AND_MODIFY,
		...COUNT,
		...AGGREGATE,
		...COLLECTIONS,
		...COLL_MOD,
		...INDEXES,
		...BULK_WRITE,
		...EXPLAIN,
		...NOT_OFFERED_COMMANDS
	})
);
