/** What the fields of a settings page get: how to read what was typed, what is wrong, and which rows stand open. */
export type FieldsProps = {
	was: (name: string, fresh?: string) => string;
	errors: Record<string, string>;
	/** Whether the row at a path (`tracks[0].questions[2]`) is to be open: somebody came for it, or something in it is wrong. */
	opens: (path: string) => boolean;
};

/** Whether a path lies in a row or is the row itself. */
export const within = (path: string, row: string): boolean => path === row || path.startsWith(`${row}.`) || path.startsWith(`${row}[`);
