import { canonicalEqual } from '#lib/domain/shared/equal.ts';
import type { ProposalDraft } from './types.ts';

/**
 * A proposal's content taken apart into what people edit separately: `title`, `requested`, `budget` as a whole,
 * and every answer by itself (`answers.why`).
 */
export type FieldValues = Record<string, unknown>;

/** Who saved a field last, and which version of the proposal that made. */
export type FieldMark = { version: number; by: string; byName: string };

/** A field both sides changed: what was sent, what stands, and who wrote that. */
export type FieldConflict = { field: string; mine: unknown; theirs: unknown; byName: string };

export const toFields = ({ answers, ...rest }: Partial<ProposalDraft>): FieldValues => ({
	...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
	...Object.fromEntries(Object.entries(answers ?? {}).map(([key, value]) => [`answers.${key}`, value]))
});

/**
 * Merges an edit based on an older version. A field nobody else has saved since `base` takes the new value; one
 * that somebody has saved since is a conflict, unless both say the same. Nothing is ever overwritten silently.
 */
export const mergeFields = (
	stored: FieldValues,
	marks: Readonly<Record<string, FieldMark>>,
	base: number,
	edit: FieldValues
): { changes: FieldValues; conflicts: FieldConflict[] } => {
	const changes: FieldValues = {};
	const conflicts: FieldConflict[] = [];
	for (const [field, mine] of Object.entries(edit)) {
		const theirs = stored[field];
		if (canonicalEqual(mine, theirs ?? emptyOf(mine))) continue;
		const mark = marks[markKey(field)];
		if (mark && mark.version > base) conflicts.push({ field, mine, theirs, byName: mark.byName });
		else changes[field] = mine;
	}
	return { changes, conflicts };
};

/** What others saved since `base`, apart from the fields of this edit: the editor shows it without asking. */
export const savedSince = (
	stored: FieldValues,
	marks: Readonly<Record<string, FieldMark>>,
	base: number,
	edit: FieldValues
): Record<string, { value: unknown; byName: string }> =>
	Object.fromEntries(
		Object.entries(marks)
			.map(([key, mark]) => [fieldOf(key), mark] as const)
			.filter(([field, mark]) => mark.version > base && !(field in edit))
			.map(([field, mark]) => [field, { value: stored[field], byName: mark.byName }])
	);

// An answer never written reads like an empty one: typing and deleting it again is no change.
const emptyOf = (value: unknown): unknown => (typeof value === 'string' ? '' : undefined);

/** Marks are kept under keys without dots, which stored documents would read as paths. */
export const markKey = (field: string): string => field.replace('.', ':');
const fieldOf = (key: string): string => key.replace(':', '.');
