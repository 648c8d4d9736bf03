/** A document as a list of blocks, for whatever format it is written in. */
export type Block =
	| { kind: 'title' | 'heading' | 'text' | 'note'; text: string }
	| { kind: 'facts'; facts: readonly (readonly [label: string, value: string])[] }
	/** `numbers` are the columns set to the right; with `total` the last row is the sum of the others. */
	| { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[]; numbers?: readonly number[]; total?: boolean }
	/** Lines to sign on, each with what belongs there. */
	| { kind: 'signature'; labels: readonly string[] }
	/** What follows begins on a new page. */
	| { kind: 'page' };
