/**
 * The id of the control behind a field's path, so that the error summary, labels and tests find it: `budget.0.item`
 * becomes `f-budget-0-item`.
 */
export function fieldId(path: string): string {
	return `f-${path.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')}`;
}

/** The ids a control points to with aria-describedby: its hint, then its error. Undefined when there is neither. */
export function describedBy(id: string, hint: unknown, error: unknown): string | undefined {
	return [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined;
}

/** What every form control of the kit takes. `error` is the message of its path, usually `errors[name]`. */
export type FieldProps = {
	name: string;
	label: string;
	/** Below the label: what to write, with an example. Never a placeholder. */
	hint?: string;
	error?: string;
	/** Marked as optional; without it a field is required and not marked. */
	optional?: boolean;
	/** Only where `name` repeats on a page. */
	id?: string;
	/** The label is for screen readers only (inside tables). */
	hideLabel?: boolean;
};
