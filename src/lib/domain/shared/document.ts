/** A document as a list of blocks, for whatever format it is written in. */
export type Block =
	| { kind: 'title' | 'heading' | 'text' | 'note'; text: string }
	| { kind: 'facts'; facts: readonly (readonly [label: string, value: string])[] }
	| { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[]; numbers?: readonly number[] }
	| { kind: 'page' };
