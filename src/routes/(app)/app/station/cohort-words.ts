import type { Category } from '#lib/domain/organizations/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { categoryWords } from '#lib/ui/features/organizations/words.ts';

/** What a cohort is called. */
export const cohortWords = (by: string, { value, name }: { value: string; name: string }): string =>
	by === 'category' ? categoryWords(value as Category) : by === 'year' ? value || m.cohort_year_unknown() : name || value;
