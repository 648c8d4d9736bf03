/** What the fields of a settings page get: how to read what was typed, and what is wrong. */
export type FieldsProps = {
	was: (name: string, fresh?: string) => string;
	errors: Record<string, string>;
};
