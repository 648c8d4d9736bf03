import { canonicalEqual } from '#lib/domain/shared/equal.ts';
import type { CompetitionPatch, CompetitionSettings, CompetitionState } from './types.ts';

/** Steps people take. Opening and closing of submissions are the clock's, see `effectiveState`. */
const steps: Record<CompetitionState, readonly CompetitionState[]> = {
	draft: ['announced', 'cancelled'],
	announced: ['cancelled'],
	open: ['cancelled'],
	screening: ['judging', 'cancelled'],
	judging: ['deliberation', 'cancelled'],
	deliberation: ['notice', 'judging', 'cancelled'],
	notice: ['decided', 'deliberation', 'cancelled'],
	decided: ['executing', 'cancelled'],
	executing: ['closed', 'cancelled'],
	closed: [],
	cancelled: []
};

/** The way from first to last, for showing how far a competition has come. */
export const mainPath = [
	'draft',
	'announced',
	'open',
	'screening',
	'judging',
	'deliberation',
	'notice',
	'decided',
	'executing',
	'closed'
] as const satisfies readonly CompetitionState[];

/** What a person may do next from an effective state; the ordinary next step comes first. */
export const nextSteps = (state: CompetitionState): readonly CompetitionState[] => steps[state];

export const canStep = (from: CompetitionState, to: CompetitionState): boolean => steps[from].includes(to);

/** A step back or an end by cancellation: neither is allowed without a reason. */
export const needsReason = (from: CompetitionState, to: CompetitionState): boolean =>
	to === 'cancelled' || mainPath.indexOf(to as (typeof mainPath)[number]) < mainPath.indexOf(from as (typeof mainPath)[number]);

/** Whether strangers may see the competition. */
export const isPublic = (state: CompetitionState): boolean => state !== 'draft';

/** Whether what was published is bound to stay: from opening on. */
export const isFrozen = (state: CompetitionState): boolean => state !== 'draft' && state !== 'announced';

const frozenParts = ['slug', 'fund', 'tracks', 'eligibility', 'budgetRules', 'rounds', 'bonus', 'noticeDays'] as const;
const frozenTimes = ['announcesAt', 'opensAt', 'closesAt', 'graceSeconds'] as const;

/**
 * Which parts of a change are frozen: after opening the rules of the call stay what applicants relied on. A part
 * sent back unchanged is no change.
 */
export const frozenChanges = (before: CompetitionSettings, patch: Partial<CompetitionPatch>): string[] => {
	const parts: string[] = frozenParts.filter(
		(part) => patch[part] !== undefined && !canonicalEqual(patch[part], before[part])
	);
	const times = patch.timeline;
	if (times && frozenTimes.some((time) => momentOf(times[time]) !== momentOf(before.timeline[time]))) parts.push('timeline');
	return parts;
};

// The same instant can be written in several ways (zone, milliseconds), so moments are compared as instants.
const momentOf = (value: string | number | null): number | null => (typeof value === 'string' ? Date.parse(value) : value);
