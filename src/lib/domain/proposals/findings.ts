import type { Issue } from '#lib/domain/shared/issues.ts';

/**
 * One thing about a proposal that its group should know: what is missing, which rule of the budget or of
 * eligibility it meets. `block` keeps it from being submitted.
 */
export type Finding = Issue & { kind: 'missing' | 'budget' | 'eligibility'; severity: 'block' | 'warn' };
