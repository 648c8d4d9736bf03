/** What the planner decides: where records come from and what still has to be done with them. */
import type { Doc } from '../bson/values.ts';
import type { Index } from '../indexes/description.ts';

/** A range of encoded keys: `from` inclusive, `to` exclusive, both with the index's prefix. */
export interface KeyRange {
	from: Buffer;
	to: Buffer;
}

/** How bounds are shown by explain: per field, MongoDB's interval notation. */
export type ShownBounds = Map<string, string[]>;

export type Access =
	| { kind: 'nothing' }
	| { kind: 'collection'; reverse: boolean }
	| {
			kind: 'index';
			index: Index;
			ranges: KeyRange[];
			reverse: boolean;
			/** Asked for by explain alone. */
			shown: () => ShownBounds;
			/** The ranges hold exactly the records the filter accepts, each once. */
			exact: boolean;
	  }
	| { kind: 'union'; inputs: Access[] };

export interface Plan {
	access: Access;
	/** Records arrive in the order asked for. */
	sorted: boolean;
	/** What lost, for explain. */
	rejected: Access[];
	/** The filter the plan was made for. */
	filter: Doc;
}

/** Counts a query for the indexes it goes by. */
export function noteUse(access: Access): void {
	if (access.kind === 'index') access.index.uses++;
	else if (access.kind === 'union') for (const input of access.inputs) noteUse(input);
}
