import { addMonths, dayOf, dayStart } from '#lib/domain/shared/days.ts';
import { measure, isCurrent, type OrganizationRecords } from './metrics.ts';
import { dimensions } from './terms.ts';
import type { Dimension, Filing } from './types.ts';

export type Levels = Record<Dimension, number>;

/** How an overall level came about; every part can be shown. All in levels, 1–5, one decimal. */
export type Overall = {
	overall: number;
	/** Mean of the seven, half up. */
	mean: number;
	/** The lower of governance and finance, plus one. */
	cap: number;
	/** The cap made the difference. */
	capped: boolean;
	/** Which of the two set the cap. */
	capBy: 'governance' | 'finance';
};

/**
 * The overall level: mean of the seven dimensions, at most one above the lower of governance and finance, one decimal,
 * half up (counted in whole tenths, so no binary fraction can tip it).
 */
export const overallLevel = (levels: Levels): Overall => {
	const sum = dimensions.reduce((total, dimension) => total + levels[dimension], 0);
	const meanTenths = Math.floor((sum * 20 + dimensions.length) / (dimensions.length * 2));
	const capBy = levels.finance < levels.governance ? 'finance' : 'governance';
	const cap = levels[capBy] + 1;
	return {
		overall: Math.min(meanTenths, cap * 10) / 10,
		mean: meanTenths / 10,
		cap,
		capped: meanTenths > cap * 10,
		capBy
	};
};

/** The group's own view minus the station's, by dimension; dimensions that agree are left out, widest first. */
export const gaps = (self: Levels, station: Levels): { dimension: Dimension; self: number; station: number; gap: number }[] =>
	dimensions
		.map((dimension) => ({
			dimension,
			self: self[dimension],
			station: station[dimension],
			gap: self[dimension] - station[dimension]
		}))
		.filter(({ gap }) => gap !== 0)
		.sort((a, b) => Math.abs(b.gap) - Math.abs(a.gap));

/** Months after which an organization is assessed again. */
export const reassessMonths = 6;

/** When the next assessment is due: six months after the last one, or after incubation began when there is none. */
export const assessmentDue = (lastAt: Date | null, incubatingSince: Date): Date =>
	dayStart(addMonths(dayOf(lastAt ?? incubatingSince), reassessMonths));

/** What the record says about a dimension: at least this level is proven, with the figures behind it. */
export type Suggestion = {
	dimension: Dimension;
	/** Proven by the record. */
	atLeast: number;
	/** No higher than this, because the record contradicts more; null when it says nothing. */
	atMost: number | null;
	/** Codes for the words, with their figures. */
	because: { code: string; params: Record<string, number> }[];
};

/** Levels the record already proves or contradicts. Dimensions it is silent on are left out. */
export const suggestLevels = (records: OrganizationRecords, filing: Filing, now: Date): Suggestion[] => {
	const today = dayOf(now);
	const figure = (metric: Parameters<typeof measure>[1], windowDays?: number): number =>
		measure(records, metric, today, windowDays).figure ?? 0;
	const present = records.members.filter((member) => isCurrent(member, today));
	const roster = present.length;
	const core = present.filter((member) => member.role !== 'member').length;
	const leader = present.some((member) => member.role === 'leader');
	const charter = figure('charter_adopted') > 0;
	const year = figure('activities', 365);
	const months = new Set(
		records.activities
			.filter((activity) => activity.kind === 'activity' && activity.heldOn <= today)
			.filter((activity) => activity.heldOn > today.replace(/^\d{4}/, (digits) => String(Number(digits) - 1)))
			.map((activity) => activity.heldOn.slice(0, 7))
	).size;
	const named = records.activities.filter((activity) => activity.attendees.length + activity.guests > 0).length;
	const feedback = records.activities.filter((activity) => activity.feedbackCount > 0).length;
	return [
		{
			dimension: 'governance',
			atLeast: charter && filing !== 'none' ? 3 : leader ? 2 : 1,
			atMost: charter && filing !== 'none' ? null : leader ? 2 : 1,
			because: [{ code: charter ? (filing === 'none' ? 'charter_not_filed' : 'charter_filed') : leader ? 'leader_no_charter' : 'no_leader', params: {} }]
		},
		{
			dimension: 'leadership',
			atLeast: core >= 3 ? 3 : core >= 1 ? 2 : 1,
			atMost: core >= 3 ? null : core >= 1 ? 2 : 1,
			because: [{ code: 'core_members', params: { count: core } }]
		},
		{
			dimension: 'membership',
			atLeast: roster >= 10 ? 2 : 1,
			atMost: roster >= 10 ? null : 1,
			because: [{ code: 'roster', params: { count: roster } }]
		},
		{
			dimension: 'service',
			atLeast: months >= 10 ? 3 : year >= 4 ? 2 : 1,
			atMost: year === 0 ? 1 : null,
			because: [{ code: 'activities_year', params: { count: year, months } }]
		},
		{
			dimension: 'learning',
			atLeast: feedback > 0 ? 3 : named > 0 ? 2 : 1,
			atMost: named === 0 ? 1 : null,
			because: [{ code: 'feedback', params: { named, feedback } }]
		}
	];
};
